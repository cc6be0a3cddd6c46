"""The functions' logs, as ``make logs`` shows them."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from local.cloud import function_logs
from local.cloud.function_logs import follow, readable
from local.cloud.running import RunningCloud
from local.processes import LocalError
from tests.local.test_running import RUNNING

NOW = 1_790_000_000_000  # milliseconds


class Enough(Exception):
    """All lines that a test waits for were said."""


class Logs:
    """A client of CloudWatch Logs; at each poll of a function one more batch of its events is there."""

    def __init__(self, **batches: list[list[dict[str, Any]]]) -> None:
        self._batches = batches
        self._there: dict[str, list[dict[str, Any]]] = {name: [] for name in batches}

    def get_paginator(self, operation: str) -> "Logs":
        assert operation == "filter_log_events"
        return self

    def paginate(self, logGroupName: str, startTime: int) -> list[dict[str, Any]]:  # noqa: N803 - boto3's names
        name = logGroupName.removeprefix("/aws/lambda/veil-local-")
        if not self._batches[name]:
            raise EndpointConnectionError(endpoint_url="https://127.0.0.1:1")
        self._there[name] += self._batches[name].pop(0)
        return [{"events": [event for event in self._there[name] if event["timestamp"] >= startTime]}]


def event(at: int, message: str, stream: str = "one") -> dict[str, Any]:
    return {"timestamp": NOW + at, "message": message, "logStreamName": stream}


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What is said of these batches, by function, until the local AWS does not answer; without the clock."""

    def run(function: str | None, **batches: list[list[dict[str, Any]]]) -> list[str]:
        logs, said = Logs(**batches), list[str]()
        monkeypatch.setattr(RunningCloud, "client", lambda *_, **__: logs)
        monkeypatch.setattr(function_logs, "POLL_SECONDS", 0)
        monkeypatch.setattr(function_logs, "time", lambda: NOW / 1000)
        running = RUNNING.model_copy(update={"functions": {name: f"veil-local-{name}" for name in batches}})
        with pytest.raises(LocalError, match="the local cloud has stopped"):
            follow(running, function, said.append)
        return [re.sub(r"\d\d:\d\d:\d\d  ", "", line) for line in said]

    return run


def test_each_event_is_shown_once_and_one_that_comes_late_too(followed: Callable[..., list[str]]) -> None:
    batches = [
        [event(0, "START RequestId: 1"), event(0, "a"), event(0, "a"), event(0, "END RequestId: 1"), event(5, "b")],
        [event(5, "b", "two"), event(4, "late", "three")],
        [],
        [event(5000, "c")],
        [event(5000, "c")],
    ]
    assert followed("webhook", webhook=batches) == ["a", "a", "b", "late", "b", "c", "c"]


def test_of_several_functions_each_line_names_its_own(followed: Callable[..., list[str]]) -> None:
    said = followed(None, webhook=[[event(7, "second")]], check=[[event(6, "first")]])
    assert said == ["check    first", "webhook  second"]


def test_what_was_logged_long_before_is_left_out(followed: Callable[..., list[str]]) -> None:
    assert followed("check", check=[[event(-601_000, "old"), event(-599_000, "young")]]) == ["young"]


def test_a_function_that_is_not_there() -> None:
    with pytest.raises(LocalError, match="no function 'weebhook'; there are uploads"):
        follow(RUNNING, "weebhook", print)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("some text", "some text"),
        ("REPORT RequestId: 1\tDuration: 52 ms\tBilled Duration: 52 ms", "Duration: 52 ms"),
        ('"text"', '"text"'),
        (
            json.dumps({"level": "INFO", "message": "photo checked", "location": "check:9", "upload_id": "01K"}),
            "INFO     photo checked  upload_id=01K",
        ),
        (
            json.dumps({"level": "ERROR", "message": "failed", "exception": "Traceback:\n  line\nValueError: x"}),
            "ERROR    failed\n    Traceback:\n      line\n    ValueError: x",
        ),
        (json.dumps({"_aws": {}, "stage": "local", "CreditsReserved": [4.0]}), "METRICS  CreditsReserved=[4.0]"),
    ],
)
def test_a_line_for_a_person(line: str, shown: str) -> None:
    clock, text = readable(NOW, line).split("  ", 1)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", clock)
    assert text == shown
