"""What the commands share: their options, tables for a terminal and for a page, JSON for a program."""

import argparse
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

RULES = {"left": "---", "right": "---:"}


def add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], bool | None], purpose: str
) -> argparse.ArgumentParser:
    """Add a command, with the option for its JSON; answers its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=purpose)
    parser.set_defaults(run=run)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result to a file, as JSON")
    return parser


def add_page(parser: argparse.ArgumentParser, page: Path) -> None:
    """Add the option for the page in ``docs``."""
    where = f"the page to write (default: docs/{page.name})"
    parser.add_argument("--page", type=Path, default=page, metavar="FILE", help=where)


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Add the option for the seed; a run without it draws one."""
    seed = secrets.randbelow(1_000_000)
    parser.add_argument("--seed", type=int, default=seed, help="replays that run (default: drawn, and printed)")


def at_least_one(text: str) -> int:
    """A whole number from 1; raises argparse's error for anything else."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


class Sheet(NamedTuple):
    """One table. The first ``words`` columns are text and stand left, the others are figures and stand right."""

    title: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    words: int = 1

    def table(self, **style: Any) -> Table:
        """For a terminal; ``style``: options of rich's table."""
        table = Table(title=self.title or None, title_justify="left", **style)
        for number, (name, side) in enumerate(zip(self.columns, self._sides(), strict=True)):
            table.add_column(name, justify=side, no_wrap=not number and self.words == 1)  # type: ignore[arg-type]
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """For a page."""
        head = f"| {' | '.join(self.columns)} |\n|{'|'.join(RULES[side] for side in self._sides())}|"
        return "\n".join([head, *(f"| {' | '.join(row)} |" for row in self.rows)])

    def _sides(self) -> list[str]:
        return ["left" if number < self.words else "right" for number in range(len(self.columns))]


def counts(title: str, counted: Mapping[str, int], what: str = "what") -> Sheet:
    """A table of counts by name, in the names' order."""
    return Sheet(title, (what, "how often"), [(name, f"{count:,}") for name, count in sorted(counted.items())])


def sections(sheets: Iterable[Sheet]) -> str:
    """The tables of a page, each under its title."""
    return "\n\n".join(f"## {sheet.title}\n\n{sheet.markdown()}" for sheet in sheets)


def write_json(file: Path, document: Mapping[str, Any]) -> None:
    """Write a document for a program; makes the folder."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n")
