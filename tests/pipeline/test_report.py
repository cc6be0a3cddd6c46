"""A failure is told once in an issue, and again in the same one; what may name a user stays in the log."""

import json
import os
import shlex
import sys
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.report import report

WHERE = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "veil-team/veil",
    "GITHUB_RUN_ID": "77",
    "GITHUB_SHA": "c0ffee",
}
FAILS = [sys.executable, "-c", "print('alice has one credit too many'); raise SystemExit(1)"]
GH = """\
#!{python}
import json, sys
calls = {calls!r}
with open(calls, "a") as file:
    file.write(json.dumps([sys.argv[1:], "" if sys.argv[2] == "list" else sys.stdin.read()]) + "\\n")
print(open({issues!r}).read() if sys.argv[2] == "list" else "https://github.com/veil-team/veil/issues/3")
sys.exit({status})
"""


class Gh:
    """GitHub's program, played: it lists these issues, and remembers what it was told."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.open_are()

    def open_are(self, *titles: str, status: int = 0) -> None:
        issues = [{"number": number, "title": title} for number, title in enumerate(titles, 1)]
        (self._folder / "issues").write_text(json.dumps(issues))
        (self._folder / "calls").write_text("")
        paths = {"calls": str(self._folder / "calls"), "issues": str(self._folder / "issues")}
        program = self._folder / "gh"
        program.write_text(GH.format(python=sys.executable, status=status, **paths))
        program.chmod(0o755)

    @property
    def told(self) -> list[tuple[list[str], str]]:
        lines = (self._folder / "calls").read_text().splitlines()
        return [(arguments, body) for arguments, body in map(json.loads, lines) if arguments[1] != "list"]


@pytest.fixture
def gh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Gh:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return Gh(tmp_path)


def test_what_goes_well_is_not_told(gh: Gh, capfd: pytest.CaptureFixture[str]) -> None:
    assert report("Audit of dev", [sys.executable, "-c", "print('all is well')"], quote=False, environ=WHERE) == 0
    assert gh.told == []
    assert "all is well" in capfd.readouterr().out


def test_a_first_failure_is_an_issue(gh: Gh, capfd: pytest.CaptureFixture[str]) -> None:
    gh.open_are("Audit of prod")
    assert report("Audit of dev", FAILS, quote=False, environ=WHERE) == 1
    (told,) = gh.told
    arguments, body = told
    assert arguments == ["issue", "create", "--title", "Audit of dev", "--body-file", "-"]
    assert "https://github.com/veil-team/veil/actions/runs/77" in body
    assert "c0ffee" in body
    assert "alice" not in body
    assert "alice has one credit too many" in capfd.readouterr().out


def test_a_second_one_is_a_comment(gh: Gh) -> None:
    gh.open_are("Audit of prod", "Audit of dev")
    assert report("Audit of dev", FAILS, quote=False, environ=WHERE) == 1
    ((arguments, _),) = gh.told
    assert arguments == ["issue", "comment", "2", "--body-file", "-"]


def test_what_names_nobody_is_quoted(gh: Gh) -> None:
    assert report("Known holes", FAILS, quote=True, environ=WHERE) == 1
    ((_, body),) = gh.told
    assert "~~~~text\nalice has one credit too many\n~~~~" in body


def test_only_the_end_is_quoted_and_it_can_not_leave_its_fence(gh: Gh) -> None:
    lines = shlex.join([sys.executable, "-c", "print('\\n'.join(['first', *['~~~~'] * 90]))"])
    assert report("Known holes", ["sh", "-c", f"{lines}; exit 3"], quote=True, environ=WHERE) == 3
    ((_, body),) = gh.told
    assert "first" not in body
    assert body.count("~~~~") == 2


def test_an_issue_that_can_not_be_written_is_a_failure_of_its_own(gh: Gh) -> None:
    gh.open_are(status=4)
    with pytest.raises(PipelineError, match="gh issue list failed"):
        report("Audit of dev", FAILS, quote=False, environ=WHERE)


def test_outside_of_a_workflow_nothing_is_written(gh: Gh) -> None:
    with pytest.raises(PipelineError, match="GITHUB_SHA"):
        report("Audit of dev", FAILS, quote=False, environ={"PATH": ""})
    assert gh.told == []
