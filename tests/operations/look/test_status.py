"""A stage at a glance: what is well, and each thing that is not."""

import argparse
import json
from datetime import UTC, datetime
from time import time
from typing import Any

import pytest

from operations.commands import add_operations
from operations.look.status import WORDS, status_of
from tests.contract.money import paid
from tests.operations.look.conftest import LookedAt
from veil.domain.ports import WorkKind

pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.fixture
def stage(looked_at: LookedAt) -> LookedAt:
    """Where all is well: it was swept a minute ago."""
    for id_, name in (("CheckQueueQueue1", "veil-test-queue"), ("CheckQueueRedrive2", "veil-test-redrive")):
        looked_at.queues[id_] = looked_at.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    swept(looked_at, time() - 60)
    return looked_at


def swept(looked_at: LookedAt, at: float) -> None:
    """Lambda's line of a sweep."""
    logs, group = looked_at.client("logs"), "/aws/lambda/veil-test-sweeper"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    event = {"timestamp": round(at * 1000), "message": "START RequestId: 1"}
    logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=[event])


def told(looked_at: LookedAt, metric: dict[str, Any], at: float) -> None:
    metric["Timestamp"] = datetime.fromtimestamp(at, UTC)
    looked_at.client("cloudwatch").put_metric_data(Namespace="Veil", MetricData=[metric])


def run(looked_at: LookedAt, *arguments: str) -> Any:
    parser = argparse.ArgumentParser()
    add_operations(parser.add_subparsers(required=True), lambda _: None, lambda _: looked_at.stage)
    parsed = parser.parse_args(["status", *arguments])
    return parsed.run(parsed)


def test_where_all_is_well(stage: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    now = time()
    stage.backend.running("ada", now, due_at=now + 90)
    assert run(stage)
    seen = capsys.readouterr().out
    for line in (
        "veil-test at ",
        "  generations               1, none due before ",
        "1 are younger than 5 minutes",
        "  veil-test-queue: 0 waiting, 0 in flight",
        "  USD spent at providers                        –            –",
        "  sweeper        deployed 2026-11-27T05:00:00, code 1h0pe1tw0rks",
        "Nothing rings, nothing is late.",
    ):
        assert line in seen


def test_an_empty_stage(stage: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(stage)
    assert "work list: empty" in capsys.readouterr().out


def test_what_is_late(stage: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    now = time()
    stage.backend.running("ada", now - 4000, due_at=now - 700)
    stage.backend.running("bob", now - 100, due_at=now - 10)
    assert run(stage) is False
    seen = capsys.readouterr().out
    assert "  generations               2, 2 due, the oldest for 70" in seen
    assert "! 1 generations are more than 10 minutes past their date" in seen
    assert "! 1 generations are on the work list more than an hour after they began" in seen
    assert "2 to look at" in seen


def test_every_kind_of_work_has_a_word() -> None:
    assert WORDS.keys() == set(WorkKind)


def test_what_is_to_be_told(stage: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    """An event has no user, and stands on the list until it is told."""
    paid(stage.backend, "ada", time() - 700)
    assert run(stage) is False
    seen = capsys.readouterr().out
    assert "  events to be told         1, 1 due, the oldest for 70" in seen
    assert "! 1 events to be told are more than 10 minutes past their date" in seen


def test_what_rings(stage: LookedAt) -> None:
    cloudwatch = stage.client("cloudwatch")
    for name, state in (("veil-test-refunds", "ALARM"), ("veil-test-fine", "OK"), ("veil-other-refunds", "ALARM")):
        cloudwatch.put_metric_alarm(
            AlarmName=name, AlarmDescription="Too many.", MetricName="m", Namespace="Veil", Statistic="Sum",
            Period=60, EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
        )  # fmt: skip
        cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")
    (wrong,) = status_of(stage.stage, time).wrong
    assert wrong.startswith("veil-test-refunds rings since 2")
    assert wrong.endswith(": Too many.")


def test_what_failed_every_try(stage: LookedAt) -> None:
    sqs = stage.client("sqs")
    for name in ("veil-test-queue", "veil-test-redrive"):
        sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], MessageBody="{}")
    assert status_of(stage.stage, time).wrong == ["1 messages failed every try: veil-test-redrive"]


@pytest.mark.parametrize("ago", [20 * 60, 24 * 3600])
def test_a_sweeper_that_is_silent(looked_at: LookedAt, ago: float, capsys: pytest.CaptureFixture[str]) -> None:
    swept(looked_at, time() - ago)
    assert run(looked_at) is False
    assert "! no sweep for 15 minutes" in capsys.readouterr().out


def test_what_was_spent_and_taken(stage: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    """The stage's own alone. Yesterday's is not today's, whatever the time of day is now."""
    now = time()
    for value, of, at in ((0.16, "test", now - 30), (0.04, "test", now - 30), (5.0, "other", now - 30)):
        dimensions = [{"Name": "stage", "Value": of}]
        told(stage, {"MetricName": "ProviderCost", "Value": value, "Dimensions": dimensions}, at)
    for at in (now - 30, now - 25 * 3600):
        dimensions = [{"Name": "stage", "Value": "test"}]
        told(stage, {"MetricName": "MoneyIn", "Value": 9900, "Dimensions": dimensions}, at)
    assert run(stage, "--json", "-")
    document = json.loads(capsys.readouterr().out)
    assert document["hour"]["ProviderCost"] == pytest.approx(0.2)
    assert document["hour"]["MoneyIn"] == 9900
    assert document["hour"]["OrdersPaid"] is None
    assert document["today"]["MoneyIn"] in (9900, None)  # None only in the first seconds of a day in Seoul
    assert document["wrong"] == []
