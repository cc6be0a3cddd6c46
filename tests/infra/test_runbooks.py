"""Every alarm has its page and every page its alarm; and whatever a page sends somebody to is there."""

import json
import re
from pathlib import Path

import pytest

from infra.deploying import deploying
from infra.function_table import FUNCTIONS
from infra.queries import SAVED
from infra.secret_names import SECRETS
from infra.statements import listed
from local.processes import ROOT
from tests.infra.synthesized import Synthesized
from tests.infra.test_dashboard import titles

RUNBOOKS = ROOT / "docs" / "runbooks"
PAGES = sorted(RUNBOOKS.glob("[!R]*.md"))
INDEX = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
INVOKES = {"invoke": "InvokeFunction"}
SETTING = re.compile(r"`([A-Z][A-Z_]+)(?: = [^`]+)?`")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def _alarms(stack: Synthesized) -> dict[str, str]:
    """The topic that each alarm reaches, by the alarm's name without its stage."""
    alarms = stack.of_type("AWS::CloudWatch::Alarm").values()
    return {alarm["AlarmName"].removeprefix("veil-dev-"): alarm["AlarmActions"][0]["Ref"] for alarm in alarms}


def test_every_alarm_has_its_page_and_every_page_its_alarm(dev: Synthesized) -> None:
    own_model = {"own-model-down"}  # of the other stack, whose own tests hold it
    assert {page.stem for page in PAGES} - own_model == _alarms(dev).keys()


def test_the_index_has_each_below_the_time_at_which_it_is_told(dev: Synthesized) -> None:
    night, morning = INDEX.split("\n## At once, at night too\n")[1].split("\n## In the morning\n")
    listed = dict.fromkeys(re.findall(r"\]\(([a-z-]+)\.md\)", night), "AlarmsTopic")
    rows = re.findall(r"^\| \[[a-z-]+\]\(([a-z-]+)\.md\)", morning, re.MULTILINE)
    listed |= dict.fromkeys(rows, "AlarmsMorningTopic")
    assert listed == {name: topic.rstrip("0123456789ABCDEF") for name, topic in _alarms(dev).items()}


@each_page
def test_a_page_has_its_parts(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem}\n")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["What it means", "Look at", "Do", "Over"]
    assert len(text.splitlines()) < 60  # of somebody who has just been woken


def test_who_is_on_call_may_do_what_the_pages_ask_for() -> None:
    """By the deployer's policy, or by what the index adds; who restores a table is an administrator."""
    (added,) = re.findall(r"^```json\n(.*?)^```$", INDEX, re.DOTALL | re.MULTILINE)
    allowed = [
        one
        for statement in [*json.loads(added)["Statement"], *deploying("prod")]
        for one in listed(statement["Action"])
    ]
    text = INDEX.split("\n## Bring back lost data\n")[0] + "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for service, command in re.findall(r"\baws ([a-z]+) ([a-z-]+)", text):
        action = INVOKES.get(command, command.title().replace("-", ""))
        assert f"{service}:{action}" in allowed


def test_all_that_writes_to_the_table_is_stopped_before_it_is_restored() -> None:
    stopped, started = re.findall(r"for F in ([a-z ]+); do", INDEX)
    reading = {"GetItem", "BatchGetItem", "Query", "ConditionCheckItem"}
    assert stopped == started
    assert set(stopped.split()) == {name for name, spec in FUNCTIONS.items() if set(spec.table) - reading}


@each_page
def test_a_widget_that_a_page_names_is_on_the_dashboard(dev: Synthesized, page: Path) -> None:
    """What stands in italics."""
    named = re.findall(r"(?<![*\w])\*([^*]+)\*(?!\*)", page.read_text(encoding="utf-8"))
    assert {" ".join(one.split()) for one in named} <= titles(dev)


@each_page
def test_a_query_that_a_page_names_is_saved(page: Path) -> None:
    text = " ".join(page.read_text(encoding="utf-8").split())
    assert set(re.findall(r"saved query `([^`]+)`", text)) <= SAVED.keys()


@each_page
def test_a_secret_or_a_setting_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"--only ([a-z-]+)", text)) <= {one.name for one in SECRETS.values()}
    names = {name for name in SETTING.findall(text) if name not in {"PARALLEL_ITEMS", "NAME", "ID"}}
    assert {name for name in names if f"| `{name}` |" not in SETTINGS} == set()


def test_each_query_is_of_use_to_somebody() -> None:
    """One that no page names is one that nobody finds at night."""
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert {name for name in SAVED if f"`{name}`" not in pages} <= {"one-user", "one-order", "slowest-routes"}
