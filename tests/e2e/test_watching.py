"""The dashboard is deployed, and what the saved queries look for stands in real lines of the functions' logs."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.names import function_log
from infra.queries import CALLBACKS, PHOTOS
from local.cloud.options import STAGE
from operations.client import VeilClient
from tests.e2e.world import World, until

type Lines = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def lines(world: World) -> Lines:
    """The lines of a function's log that are ours, without its metrics."""

    def read(function: str) -> list[dict[str, Any]]:
        pages = world.running.client("logs").get_paginator("filter_log_events")
        events = [one for page in pages.paginate(logGroupName=function_log(STAGE, function)) for one in page["events"]]
        found = [json.loads(one["message"]) for one in events if one["message"].startswith("{")]
        return [line for line in found if "_aws" not in line]

    return read


def test_the_dashboard_is_there(world: World) -> None:
    body = world.running.client("cloudwatch").get_dashboard(DashboardName=f"veil-{STAGE}")["DashboardBody"]
    titles = [widget["properties"].get("title") for widget in json.loads(body)["widgets"]]
    assert {"Alarms", "Money", "People", "The work list"} <= {*titles}
    assert "${" not in body
    assert "Fn::" not in body


def test_queries_find_a_request_a_generation_and_their_user(alice: VeilClient, ready: str, lines: Lines) -> None:
    answer = alice.api.post("/generations", json={"upload_id": ready, "style": "classic"})
    request, generation = answer.headers["x-request-id"], answer.json()["id"]
    alice.wait_for_generation(generation)
    of_request = [line for line in lines("generations") if line.get("request_id") == request]
    assert "credits reserved" in {line["message"] for line in of_request}
    (user,) = {line["user"] for line in of_request}
    assert {line["generation_id"] for line in of_request} == {generation}
    assert PHOTOS.functions == ("check",)
    (checked,) = [line for line in lines("check") if line.get("upload_id") == ready]
    assert (checked["message"], checked["user"], "reason" in checked) == ("photo ready", user, False)
    assert CALLBACKS.functions == ("webhook",)

    def stored() -> list[dict[str, Any]]:
        """An invocation's lines are there once it has ended."""
        told = [line for line in lines("webhook") if line.get("generation_id") == generation]
        return [line for line in told if line["message"] == "webhook" and line["outcome"] == "stored"]

    until(stored)
    assert {line["user"] for line in stored()} == {user}


def test_a_query_finds_why_a_photo_was_rejected(alice: VeilClient, lines: Lines) -> None:
    upload = alice.ask_upload(b"no photo", "image/jpeg")
    alice.put_photo(upload, b"no photo")
    assert alice.wait_for_upload(upload["upload_id"])["status"] == "rejected"
    (line,) = [line for line in lines("check") if line.get("upload_id") == upload["upload_id"]]
    assert (line["message"], line["reason"]) == ("photo rejected", "not_an_image")
