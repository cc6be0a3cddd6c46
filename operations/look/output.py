"""What was seen, for a person and for a program: lines on the terminal, a document as JSON."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

type Document = Mapping[str, Any]  # plain values; a time is text, as `utc` writes it

STANDARD_OUTPUT = Path("-")


def show(lines: Iterable[str], document: Document, json_file: Path | None) -> None:
    """Print the lines, and write the document to a file, if one is named; ``-`` prints the document alone."""
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if json_file == STANDARD_OUTPUT:
        print(text, end="")
        return
    for line in lines:
        print(line)
    if json_file:
        json_file.write_text(text, encoding="utf-8")


def progress() -> Console:
    """Where work that takes long says how far it is: not in what a program reads."""
    return Console(stderr=True, highlight=False)
