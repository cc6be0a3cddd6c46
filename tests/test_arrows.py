"""Who imports whom is what ARCHITECTURE.md draws, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.processes import ROOT
from tests.test_docs import PACKAGE, SPAN, rows

TOP = ("functions", "infra", "operations", "openapi", "local", "pipeline", "proofs")
OURS = {"veil", "app", *TOP}
LEAVES: dict[str, list[str]] = {"veil.entry": [], "veil.observability": []}  # import none of ours: no row
ALLOWED = {
    SPAN.findall(importer)[0]: SPAN.findall(imported) for importer, imported in rows("ARCHITECTURE.md", "Arrows")
}
FILES = [
    ROOT / "app.py",
    *(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py"),
    *(file for top in TOP for file in (ROOT / top).rglob("*.py")),
]


def _importer(file: Path) -> str:
    if file.is_relative_to(PACKAGE):
        return f"veil.{file.relative_to(PACKAGE).with_suffix('').parts[0]}"
    return file.relative_to(ROOT).with_suffix("").parts[0]


def _imported(file: Path) -> Iterator[str]:
    """Ours that it imports, by their dotted names; not the package's version."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name.name}" for name in node.names]
        yield from (name for name in names if name.partition(".")[0] in OURS and name != "veil.__version__")


@pytest.mark.parametrize("importer", [*ALLOWED, *LEAVES])
def test_no_other_arrow_than_those_that_are_drawn(importer: str) -> None:
    files = [file for file in FILES if _importer(file) == importer]
    assert files
    drawn = [f"{name}." for name in (importer, *(ALLOWED | LEAVES)[importer])]
    for file in files:
        for name in _imported(file):
            assert f"{name}.".startswith(tuple(drawn)), f"{file.relative_to(ROOT)} imports {name}"


def test_every_file_has_its_row() -> None:
    assert {_importer(file) for file in FILES} == {*ALLOWED, *LEAVES}


def test_every_drawn_arrow_is_there() -> None:
    for importer, imported in ALLOWED.items():
        used = [f"{name}." for file in FILES if _importer(file) == importer for name in _imported(file)]
        for name in imported:
            assert any(each.startswith(f"{name}.") for each in used), f"{importer} no longer imports {name}"
