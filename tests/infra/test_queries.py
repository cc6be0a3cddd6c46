"""Saved queries and the dashboard's tables read the right logs, and look for what is written there."""

import re

import pytest

from infra.api import ACCESS_LOG
from infra.function_table import FUNCTIONS
from infra.queries import ON_DASHBOARD, SAVED, Query
from local.processes import ROOT
from tests.infra.synthesized import Synthesized

SOURCES = [*ROOT.glob("functions/*/handler.py"), *(ROOT / "layers" / "shared" / "python" / "veil").rglob("*.py")]
CODE = "\n".join(path.read_text() for path in SOURCES)
EVERY = [*SAVED.values(), *ON_DASHBOARD]


def test_each_is_saved_in_the_folder_of_its_stage(dev: Synthesized) -> None:
    saved = {one["Name"]: one for one in dev.of_type("AWS::Logs::QueryDefinition").values()}
    assert saved.keys() == {f"veil-dev/{name}" for name in SAVED}
    assert {"one-request", "one-generation", "one-user", "one-order"} < SAVED.keys()
    query = saved["veil-dev/one-order"]["QueryString"]
    assert 'filter order_id = "PASTE IT HERE" or id = "PASTE IT HERE"\n| sort @timestamp asc' in query


@pytest.mark.parametrize("query", EVERY)
def test_it_reads_logs_that_there_are(dev: Synthesized, query: Query) -> None:
    logs = {one["LogGroupName"] for one in dev.of_type("AWS::Logs::LogGroup").values()}
    groups = query.groups("dev")
    assert groups
    assert set(groups) <= logs


def test_one_request_is_looked_for_everywhere(dev: Synthesized) -> None:
    logs = {one["LogGroupName"] for one in dev.of_type("AWS::Logs::LogGroup").values()}
    assert set(SAVED["one-request"].groups("dev")) == logs
    for name in ("one-generation", "one-user", "one-order", "errors"):
        assert set(SAVED[name].functions) == FUNCTIONS.keys()


@pytest.mark.parametrize("query", EVERY)
def test_a_message_that_is_looked_for_is_written_by_its_functions(query: Query) -> None:
    looked = [line for line in query.lines if "message = " in line or "message in " in line]
    for message in re.findall(r'"([^"]+)"', " ".join(looked)):
        assert re.search(rf'\.log\(\s*"{message}"', CODE), message


@pytest.mark.parametrize("query", EVERY)
def test_a_field_that_is_looked_at_is_written(query: Query) -> None:
    """In the access log, or by the logger, or with some message of ours."""
    of_logger = {"service", "level", "message", "exception_name", "request_id", "user"}
    lines = [re.sub(r'"[^"]*"', "", line) for line in query.lines]
    fields = {field for line in lines if line.startswith("fields ") for field in re.split(r"[, ()]+", line)[1:]}
    counted = {field for line in lines if " by " in line for field in re.split(r"[, ]+", line.rpartition(" by ")[2])}
    made = {"coalesce", "as", "verdict", "bin(1h)", ""}  # in the query itself
    looked = {field for field in fields | counted if not field.startswith("@")} - made
    assert looked
    for field in looked - of_logger - ACCESS_LOG.keys():
        assert re.search(rf'\b{field}=|"{field}":', CODE), field


def test_an_image_is_looked_for_wherever_it_can_end() -> None:
    """It is started and settled by whoever may ask about it later; the eraser refunds what is open."""
    starting = {name for name, spec in FUNCTIONS.items() if "polls" in spec.sends}
    assert set(SAVED["refunded-images"].functions) == set(SAVED["some-generations"].functions) == {*starting, "eraser"}
    comparing = {name for name, spec in FUNCTIONS.items() if spec.rekognition}
    assert set(SAVED["unchecked-images"].functions) == comparing


def test_a_cloud_that_knows_none_has_none(without: Synthesized) -> None:
    assert not without.of_type("AWS::Logs::QueryDefinition")
