"""The OpenAPI document: written from the code by `make openapi`, committed, and served as it is.

The functions import this alone; the other modules here make the document.
"""

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("openapi.json")


@cache
def text() -> str:
    """The document, as JSON."""
    return FILE.read_text(encoding="utf-8")
