"""A failure is told once in an issue, and again in the same one; what may name a user stays in the log."""

import os
import shlex
import subprocess
import sys

import pytest

from local.processes import ROOT
from pipeline.errors import PipelineError
from pipeline.report import report
from tests.pipeline.gh import WHERE, Gh

FAILS = [sys.executable, "-c", "print('alice has one credit too many'); raise SystemExit(1)"]


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


def test_before_anything_is_installed_it_is_told_all_the_same(gh: Gh) -> None:
    """An install or a role that fails is seen by nobody else; without packages, by whatever Python is there."""
    gh.open_are("Audit of dev")
    command = [sys.executable, "-S", "-m", "pipeline.issues", "Audit of dev"]
    subprocess.run(command, cwd=ROOT, env={**WHERE, "PATH": os.environ["PATH"]}, check=True, capture_output=True)
    ((arguments, body),) = gh.told
    assert arguments == ["issue", "comment", "1", "--body-file", "-"]
    assert "It could not begin at c0ffee: https://github.com/veil-team/veil/actions/runs/77" in body
