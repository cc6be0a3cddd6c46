"""The OpenAPI document, as it is served. `make openapi` writes it: the package `openapi` makes it from the code."""

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")


@cache
def text() -> str:
    """The document, as JSON."""
    return FILE.read_text(encoding="utf-8")
