"""The installer, which the system's own Python runs: what it refuses, it refuses in a sentence."""

import ast
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from local import install
from local.processes import ROOT

SCRIPT = ROOT / "local" / "install.py"


def test_an_older_python_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or later"):
        runpy.run_path(str(SCRIPT))


@pytest.fixture
def part(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Install into a folder, with what makes it; its source never changes."""
    monkeypatch.setattr(install, "TOOLS", tmp_path / "tools")
    return lambda make: install._part("a part", tmp_path / "part", [SCRIPT], make)


def test_a_folder_that_it_did_not_make_stays_as_it_is(part: Any, tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "mine").touch()
    with pytest.raises(SystemExit, match="was not made here"):
        part(lambda: None)
    assert (tmp_path / "part" / "mine").exists()


def test_an_interrupted_part_begins_again(part: Any, tmp_path: Path) -> None:
    folder, made = tmp_path / "part", []

    def interrupted() -> None:
        folder.mkdir()
        raise KeyboardInterrupt

    def whole() -> None:
        folder.mkdir()
        made.append(folder)

    with pytest.raises(KeyboardInterrupt):
        part(interrupted)
    part(whole)
    part(whole)
    assert made == [folder]


def test_an_interruption_ends_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(install, "_part", interrupted)
    monkeypatch.setattr(sys, "argv", ["install.py"])
    assert install.main() == 130
    assert "the next run goes on" in capsys.readouterr().err
