"""A known hole is found, an accepted one left out until its day, and a database that was not asked is no all-clear."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline import __main__ as commands
from pipeline import scan
from pipeline.errors import PipelineError

TODAY = date(2026, 11, 27)
OF_PIP_AUDIT = """{"dependencies": [
  {"name": "sound", "version": "2.0", "vulns": []},
  {"name": "skipped", "skip_reason": "its marker is another system's"},
  {"name": "idna", "version": "1.0",
   "vulns": [{"id": "PYSEC-2024-60", "aliases": ["GHSA-jjg7-2v4v-x38h"], "fix_versions": ["3.7"], "description": "…"}]}
], "fixes": []}"""
OF_NPM = """{"auditReportVersion": 2, "vulnerabilities": {
  "above": {"name": "above", "via": ["lodash"], "range": "*", "fixAvailable": true},
  "lodash": {"name": "lodash", "range": "<4.17.21", "fixAvailable": {"name": "lodash", "version": "4.17.21"},
             "via": [{"url": "https://github.com/advisories/GHSA-35jh-r3h4-6jhm", "title": "…"}]}
}}"""
ACCEPTED = '[[hole]]\nid = "{}"\nreason = "we call nothing of it"\nuntil = {}\n'

type Play = Callable[..., None]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    """Both tools played by shell scripts; the one lock of each kind is ``requirements`` and ``web``."""
    monkeypatch.setattr("pipeline.tools.PYTHON_TOOLS", tmp_path)
    monkeypatch.setattr(scan, "NPM", (str(tmp_path / "npm"),))
    monkeypatch.setattr(scan, "python_locks", lambda: ["requirements"])
    monkeypatch.setattr(scan, "node_locks", lambda: ["web"])
    monkeypatch.setattr(scan, "ACCEPTED", tmp_path / "accepted.toml")

    def script(name: str, text: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)

    def playing(
        *, python: str | None = '{"dependencies": []}', npm: str = '{"vulnerabilities": {}}', known: str = ""
    ) -> None:
        (tmp_path / "report").write_text(python or "")
        write = (
            f'for out; do :; done\ncp "{tmp_path}/report" "$out"\nexit 1' if python else "echo no network >&2\nexit 1"
        )
        script("pip-audit", write)
        (tmp_path / "answer").write_text(npm)
        script("npm", f'cat "{tmp_path}/answer"\nexit 1')
        (tmp_path / "accepted.toml").write_text(known)

    playing()
    return playing


def test_where_nothing_is_known(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan.scan(TODAY) == 0
    assert capsys.readouterr().out == "Python, requirements: none\nnpm, web: none\n"


def test_what_is_known_is_found(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play(python=OF_PIP_AUDIT, npm=OF_NPM)
    assert scan.scan(TODAY) == 2
    said = capsys.readouterr().out
    assert "requirements.txt: idna 1.0: GHSA-jjg7-2v4v-x38h, PYSEC-2024-60, fixed in 3.7" in said
    assert "web/package-lock.json: lodash <4.17.21: GHSA-35jh-r3h4-6jhm, fixed in lodash 4.17.21" in said
    assert "above" not in said


@pytest.mark.parametrize("named", ["PYSEC-2024-60", "GHSA-jjg7-2v4v-x38h"])
def test_an_accepted_one_is_left_out_until_its_day(play: Play, named: str) -> None:
    play(python=OF_PIP_AUDIT, known=ACCEPTED.format(named, "2026-11-27"))
    assert scan.scan(TODAY) == 0
    play(python=OF_PIP_AUDIT, known=ACCEPTED.format(named, "2026-11-26"))
    assert scan.scan(TODAY) == 1
    play(python=OF_PIP_AUDIT, known=ACCEPTED.format("GHSA-35jh-r3h4-6jhm", "2026-11-27"))
    assert scan.scan(TODAY) == 1


@pytest.mark.parametrize("line", ["reason", "until", "id"])
def test_nothing_is_accepted_without_a_reason_and_a_day(line: str) -> None:
    text = "\n".join(each for each in ACCEPTED.format("GHSA-1", "2026-11-27").splitlines() if not each.startswith(line))
    with pytest.raises(PipelineError, match="an id, a reason and a date"):
        scan.accepted(text, TODAY)


def test_the_list_that_ships_is_read() -> None:
    scan.accepted(scan.ACCEPTED.read_text(), TODAY)


@pytest.mark.parametrize(
    ("python", "npm", "said"),
    [
        (None, '{"vulnerabilities": {}}', "requirements.txt: OSV (osv.dev) could not be asked: no network"),
        ('{"dependencies": []}', '{"message": "no such host"}', "npm's registry could not be asked: no such host"),
        ('{"dependencies": []}', "", "npm's registry could not be asked: it said nothing"),
    ],
)
def test_a_database_that_was_not_asked_is_a_failure(
    play: Play, capsys: pytest.CaptureFixture[str], python: str | None, npm: str, said: str
) -> None:
    play(python=python, npm=npm)
    assert commands.main(["scan"]) == 2
    assert said in capsys.readouterr().err
