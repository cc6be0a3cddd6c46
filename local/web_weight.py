"""What a browser has to load before the web client's first screen can be used: its scripts and styles, gzipped."""

import gzip
from html.parser import HTMLParser
from pathlib import Path

LIMIT_BYTES = 40_000
_RELATIONS = {"stylesheet", "modulepreload"}


class _Loaded(HTMLParser):
    """The paths that a page names as its scripts, its styles and what those import."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.paths.append(given["src"] or "")
        if tag == "link" and given.get("rel") in _RELATIONS:
            self.paths.append(given["href"] or "")


def first_screen(dist: Path) -> dict[str, int]:
    """The bytes of each file that ``index.html`` loads at once, as they travel; raises `FileNotFoundError`."""
    page = _Loaded()
    page.feed((dist / "index.html").read_text(encoding="utf-8"))
    return {path: len(gzip.compress((dist / path.lstrip("/")).read_bytes(), 6)) for path in page.paths}
