"""The workflows run what is there, by actions of which nobody can change a byte."""

import re
from pathlib import Path

import pytest

from local.processes import ROOT
from pipeline import __main__ as commands

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEXT = {file.name: file.read_text() for file in FILES}
MAKEFILE = (ROOT / "Makefile").read_text()
USES = re.compile(r"uses: (\S+)(.*)$", re.MULTILINE)
PINNED = re.compile(r"[\w-]+/[\w/.-]+@[0-9a-f]{40}")
OURS = re.compile(r"\./\.github/workflows/([\w-]+\.yml)")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_action_is_pinned_by_its_hash_and_says_its_version(file: Path) -> None:
    for action, comment in USES.findall(file.read_text()):
        if ours := OURS.fullmatch(action):
            assert ours[1] in TEXT
        else:
            assert PINNED.fullmatch(action), action
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


def test_each_action_has_one_version() -> None:
    used = {use for text in TEXT.values() for use in USES.findall(text) if not OURS.fullmatch(use[0])}
    hashes = {(re.sub(r"^([\w-]+/[\w-]+).*", r"\1", action), action.rpartition("@")[2]) for action, _ in used}
    assert len(hashes) == len({name for name, _ in hashes}) == 3


def test_what_they_call_is_there() -> None:
    everything = "\n".join(TEXT.values())
    targets = set(re.findall(r"(?:run: |-- )make ([a-z-]+)", everything))
    assert targets >= {"deploy", "smoke", "audit", "scan", "openapi-check", "openapi-breaking", "release-files"}
    for target in targets:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target
    reports = re.findall(r"python -m pipeline (report .*)$", everything, re.MULTILINE)
    assert len(reports) == 2
    for words in reports:
        parsed = commands._parser().parse_args(
            re.sub(r'"([^"]*)"', lambda text: text[1].replace(" ", "_"), words).split()
        )
        assert parsed.words[0] == "make"


def test_only_a_job_that_takes_a_role_may_ask_for_a_token() -> None:
    asking = {name for name, text in TEXT.items() if "id-token: write" in text}
    assert asking == {"main.yml", "deploy.yml", "nightly.yml"}  # main hands it on
    taking = {name for name, text in TEXT.items() if "configure-aws-credentials" in text}
    assert taking == asking - {"main.yml"}
    for name in taking:
        assert "    environment: " in TEXT[name]  # what the role's trust names


def test_nothing_is_granted_to_a_whole_workflow() -> None:
    for name, text in TEXT.items():
        assert "\npermissions: {}\n" in text, name


def test_pull_requests_have_no_secret_and_no_cloud() -> None:
    for name in ("pull-request.yml", "checks.yml"):
        assert not re.search(r"secrets\.|secrets:|id-token|vars\.|: write", TEXT[name]), name
    assert not any("pull_request_target" in text for text in TEXT.values())


def test_prod_is_deployed_after_dev_and_never_twice_at_once() -> None:
    dev, prod = TEXT["main.yml"].split("\n  dev:\n")[1].split("\n  prod:\n")
    assert "needs: checks" in dev
    assert "needs: dev" in prod
    assert "if: vars.PROD_BY_APPROVAL == 'true'" in prod  # GitHub asks nobody in most private repositories
    assert "group: deploy-${{ inputs.stage }}\n      cancel-in-progress: false" in TEXT["deploy.yml"]
    assert "ref: ${{ github.sha }}" in TEXT["deploy.yml"]


def test_a_merge_is_deployed_only_while_it_is_mains_last_commit() -> None:
    """A run that is started again, or agreed to late, would put an old commit over a newer one."""
    steps = TEXT["deploy.yml"].split("\n      - ")
    newest = [index for index, step in enumerate(steps) if "python -m pipeline newest" in step]
    (role,) = [index for index, step in enumerate(steps) if "configure-aws-credentials" in step]
    assert len(newest) == 1
    assert newest[0] < role
    assert "if: github.event_name == 'push'" in steps[newest[0]]  # by hand, any branch or tag goes


@pytest.mark.parametrize(("job", "step"), [("audit", "Audit"), ("scan", "Scan")])
def test_what_can_not_begin_at_night_is_told(job: str, step: str) -> None:
    jobs = dict(re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", TEXT["nightly.yml"].split("\njobs:\n")[1], re.MULTILINE))
    *_, named, last = jobs[job].split("\n      - ")
    assert f"name: {step}\n        id: {job}\n" in named
    (title,) = re.findall(r'pipeline report (?:--quote )?(".*?") --', named)
    assert f"if: failure() && steps.{job}.outcome == 'skipped'" in last
    assert f"run: python3 -m pipeline.issues {title}" in last
