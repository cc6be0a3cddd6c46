"""The pages name files, tests, commands and modules that exist: what they say in code font is held against the code."""

import re
from pathlib import Path

import pytest

from local.processes import ROOT

PACKAGE = ROOT / "layers" / "shared" / "python" / "veil"
PAGES = sorted([*ROOT.glob("*.md"), ROOT / "tests" / "README.md", *ROOT.glob("docs/**/*.md")])
NOT_COMMITTED = (  # of the bucket; made by commands, or by a team
    *("incoming/", "inputs/", "results/", "out/", ".local/", ".venv/"),
    *("stages/dev.toml", "stages/prod.toml", "stages/NAME.toml"),
)

SPAN = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PATH = r"\.?[A-Za-z_][\w-]*(?:[/.][\w.-]+)*(?:\.(?:py|md|txt|toml|json|yaml|in)(?:::\w+)?|/)"
MODULE = r"(?:veil|infra|local|openapi|operations|proofs)(?:\.\w+)+"


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading, row by row, without its head."""
    text = read(page).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"][2:]


def _code(page: Path) -> list[str]:
    """What stands in code font, and the lines between fences."""
    text = page.read_text(encoding="utf-8")
    return SPAN.findall(FENCED.sub("", text)) + [line for block in FENCED.findall(text) for line in block.splitlines()]


def _named(pattern: str) -> list[tuple[str, str]]:
    """Each page with what the pattern finds in its code, once."""
    found = {(page, name) for page in PAGES for code in _code(page) for name in re.findall(pattern, code)}
    return sorted((str(page.relative_to(ROOT)), name) for page, name in found)


FILES = [(page, name) for page, name in _named(rf"^{PATH}$") if not name.startswith(NOT_COMMITTED)]


def test_there_are_some() -> None:
    assert len([name for _, name in FILES if "::" in name]) > 30
    assert {"ARCHITECTURE.md", "CONTRIBUTING.md", "docs/threat-model.md"} <= {page for page, _ in FILES}


@pytest.mark.parametrize(("page", "named"), FILES)
def test_a_file_or_a_test_exists(page: str, named: str) -> None:
    path, _, test = named.partition("::")
    places = (ROOT / path, PACKAGE / path, (ROOT / page).parent / path)
    found = [place for place in places if place.exists()]
    assert found
    assert not test or f"\ndef {test}(" in found[0].read_text(encoding="utf-8")


@pytest.mark.parametrize(("page", "target"), _named(r"^make ([a-z-]+)"))
def test_a_command_of_make_exists(page: str, target: str) -> None:
    assert re.search(rf"^{target}:", read("Makefile"), re.MULTILINE)


@pytest.mark.parametrize(("page", "named"), _named(rf"(?:^|python -m )({MODULE})(?:$| )"))
def test_a_module_or_its_member_exists(page: str, named: str) -> None:
    path = (
        ROOT.joinpath(*named.split(".")) if not named.startswith("veil.") else PACKAGE.parent / named.replace(".", "/")
    )
    member = rf"\b{path.name}\b"
    assert path.is_dir() or path.with_suffix(".py").is_file() or re.search(member, _text(path.parent))


def _text(module: Path) -> str:
    return (module / "__init__.py" if module.is_dir() else module.with_suffix(".py")).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize(
    ("page", "heading"), [("docs/threat-model.md", "What is defended"), ("ARCHITECTURE.md", "Invariants")]
)
def test_every_row_names_a_place_and_a_test(page: str, heading: str) -> None:
    found = rows(page, heading)
    assert len(found) >= 10
    for *what, where, test in found:
        assert "`" in where, what
        assert "`tests/" in test, what


def test_the_index_has_every_decision_once() -> None:
    listed = LINK.findall(read("docs/decisions/README.md").partition("|---|")[2])
    assert sorted(listed) == sorted(page.name for page in ROOT.glob("docs/decisions/[!R]*.md"))
