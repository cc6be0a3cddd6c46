"""An older commit takes no newer one's place by itself."""

import pytest

from pipeline.__main__ import main
from tests.pipeline.gh import WHERE, Gh


@pytest.fixture(autouse=True)
def _in_a_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHERE.items():
        monkeypatch.setenv(name, value)


def test_mains_last_commit_is_deployed(gh: Gh) -> None:
    gh.answers("c0ffee\n")
    assert main(["newest"]) == 0
    ((arguments, _),) = gh.calls
    assert arguments == ["api", "repos/veil-team/veil/git/ref/heads/main", "--jq", ".object.sha"]


def test_one_that_main_has_left_behind_is_not(gh: Gh, capsys: pytest.CaptureFixture[str]) -> None:
    gh.answers("beef\n")
    assert main(["newest"]) == 2
    said = capsys.readouterr().err
    assert "main has moved on to beef: approve the later run" in said
    assert "to deploy c0ffee, run *deploy* by hand" in said


def test_where_nobody_tells_nothing_is_deployed(gh: Gh, capsys: pytest.CaptureFixture[str]) -> None:
    gh.answers("", status=1)
    assert main(["newest"]) == 2
    assert "gh api" in capsys.readouterr().err


def test_outside_of_a_workflow_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("GITHUB_SHA")
    assert main(["newest"]) == 2
    assert "GITHUB_SHA" in capsys.readouterr().err
