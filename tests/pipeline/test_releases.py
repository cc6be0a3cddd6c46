"""A tag, the version, the API's document and the CHANGELOG say the same, or there is no release."""

import json
from datetime import date
from pathlib import Path

import pytest

import veil
from local.processes import ROOT
from pipeline import __main__ as commands
from pipeline import releases
from pipeline.errors import PipelineError
from veil.api.openapi import text

CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- A pipeline.

## [1.0.0] - 2026-11-23

The first version.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for place in (releases.PACKAGE, releases.DOCUMENT):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "veil"\nversion = "1.0.0"\n\n[tool.x]\nversion = "7"\n')
    (tmp_path / releases.PACKAGE).write_text('"""Veil."""\n\n__version__ = "1.0.0"\n')
    _document(tmp_path, "1.0.0")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    return tmp_path


def _document(root: Path, version: str) -> None:
    (root / releases.DOCUMENT).write_text(json.dumps({"info": {"version": version}}))


def test_the_version_is_the_same_wherever_it_stands() -> None:
    version = releases.version_of()
    assert (veil.__version__, json.loads(text())["info"]["version"]) == (version, version)
    assert f"\n## [{version}] - " in (ROOT / "CHANGELOG.md").read_text()


def test_a_release_that_fits(root: Path) -> None:
    assert releases.check("v1.0.0", root) == "1.0.0"


@pytest.mark.parametrize("tag", ["1.0.0", "v1.0", "v1.0.0-rc1", "v", "main", ""])
def test_a_tag_that_is_none_of_a_release(root: Path, tag: str) -> None:
    with pytest.raises(PipelineError, match="no tag of a release"):
        releases.check(tag, root)


def test_every_place_that_says_another_version_is_named(root: Path) -> None:
    _document(root, "1.1.0")
    with pytest.raises(
        PipelineError, match=r"^v1.1.0: pyproject.toml says 1.0.0, \S+__init__.py says 1.0.0; 'make release"
    ):
        releases.check("v1.1.0", root)
    with pytest.raises(PipelineError, match=r"openapi.json says 1.1.0"):
        releases.check("v1.0.0", root)


@pytest.mark.parametrize(
    ("changelog", "said"),
    [
        ("# Changelog\n", "has no part"),
        ("## [1.0.0]\n\nThe first.\n", "needs its date"),
        ("## [1.0.0] - soon\n\nThe first.\n", "needs its date"),
        ("## [1.0.0] - 2026-11-23\n\n## [0.9.0] - 2026-01-01\n\nBefore.\n", "says nothing"),
        ("## [1.0.01] - 2026-11-23\n\nThe first.\n", "has no part"),
    ],
)
def test_a_changelog_without_the_release(root: Path, changelog: str, said: str) -> None:
    (root / "CHANGELOG.md").write_text(changelog)
    with pytest.raises(PipelineError, match=said):
        releases.check("v1.0.0", root)


def test_the_notes_are_one_versions_and_no_others() -> None:
    dated = CHANGELOG.replace("[Unreleased]", "[1.1.0] - 2026-12-01")
    assert releases.notes("1.1.0", dated) == "### Added\n\n- A pipeline.\n"
    assert releases.notes("1.0.0", dated) == "The first version.\n"


def test_a_release_is_prepared(root: Path) -> None:
    releases.prepare("1.1.0", date(2026, 12, 1), root)
    assert releases.version_of(root) == "1.1.0"
    assert '[tool.x]\nversion = "7"' in (root / "pyproject.toml").read_text()
    assert "## [Unreleased]\n\n## [1.1.0] - 2026-12-01\n\n### Added" in (root / "CHANGELOG.md").read_text()
    with pytest.raises(PipelineError, match=r"openapi.json says 1.0.0"):
        releases.check("v1.1.0", root)  # until `make openapi`
    _document(root, "1.1.0")
    assert releases.check("v1.1.0", root) == "1.1.0"


@pytest.mark.parametrize(
    ("version", "said"), [("1.0.0", "not after"), ("0.9.9", "not after"), ("v2.0.0", "no version")]
)
def test_a_version_that_can_not_come_next(root: Path, version: str, said: str) -> None:
    with pytest.raises(PipelineError, match=said):
        releases.prepare(version, date(2026, 12, 1), root)
    assert (root / "CHANGELOG.md").read_text() == CHANGELOG


def test_nothing_is_written_where_nothing_has_changed(root: Path) -> None:
    (root / "CHANGELOG.md").write_text(CHANGELOG.replace("### Added\n\n- A pipeline.\n\n", ""))
    with pytest.raises(PipelineError, match=r"says nothing of 1\.1\.0"):
        releases.prepare("1.1.0", date(2026, 12, 1), root)
    assert releases.version_of(root) == "1.0.0"


def test_a_refusal_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["release-check", "v0.0.1"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("pipeline: v0.0.1: ")
    assert said.count("\n") == 1
