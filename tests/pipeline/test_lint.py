"""What GitHub would refuse or a stranger could use is found in a workflow; in ours there is nothing."""

import re
from pathlib import Path

import pytest

from local.processes import ROOT
from pipeline.errors import PipelineError
from pipeline.lint import RENOVATE, complaints

WORKFLOWS = ROOT / ".github" / "workflows"
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"
SOUND = f"""\
name: sound
on:
  pull_request:
permissions: {{}}
jobs:
  look:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
    steps:
      - uses: {CHECKOUT} # v7.0.1
        with:
          persist-credentials: false
      - run: make check
"""


def _complaints(folder: Path, workflow: str, renovate: Path = RENOVATE) -> str:
    (folder / "workflow.yml").write_text(workflow)
    return "\n".join(complaints(folder, renovate))


def test_there_is_nothing_to_complain_of() -> None:
    assert complaints(WORKFLOWS) == []


BROKEN = {
    "stpes.yml": ("    steps:", "    stpes:", "unexpected key"),
    "needs.yml": ("    runs-on", "    needs: [other]\n    runs-on", "undefined-job-needs"),
    "variable.yml": ("make check", "make check ${{ githb.sha }}", "undefined variable"),
    "title.yml": ("make check", 'echo "${{ github.event.pull_request.title }}"', "template-injection"),
    "tag.yml": (CHECKOUT, "actions/checkout@v7", "unpinned-uses"),
    "target.yml": ("pull_request:", "pull_request_target:", "dangerous-triggers"),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of a folder with a sound workflow and each of the broken ones: the tools take seconds to start."""
    folder = tmp_path_factory.mktemp("workflows")
    for name, (sound, broken, _) in {"sound.yml": ("", "", ""), **BROKEN}.items():
        (folder / name).write_text(SOUND.replace(sound, broken, 1))
    return "\n".join(complaints(folder))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_found(name: str, said: str) -> None:
    """The finding stands in the line of its file, or in the one before."""
    finding = re.escape(BROKEN[name][2])
    assert re.search(rf"{finding}.*\n.*/{name}:|/{name}:.*{finding}", said)


def test_a_sound_workflow_is_accepted(said: str) -> None:
    assert "sound.yml" not in said


def test_a_slip_in_renovates_configuration_is_found(tmp_path: Path) -> None:
    slipped = tmp_path / "renovate.json"
    slipped.write_text(RENOVATE.read_text().replace('"automerge": false', '"automerge": "never"'))
    assert "automerge" in _complaints(tmp_path, SOUND, slipped)


def test_without_the_tools_it_says_how_they_come(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pipeline.tools.PYTHON_TOOLS", tmp_path)
    with pytest.raises(
        PipelineError, match=r"jactionlint is not installed: type 'python3 local/install.py --pipeline'"
    ):
        complaints(WORKFLOWS)
