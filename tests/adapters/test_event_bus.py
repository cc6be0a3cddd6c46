"""Putting an event on the bus: what EventBridge is sent, and each of its ways to say no."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from tests.contract.backends import aws_environment
from veil.adapters.aws import client as aws
from veil.adapters.aws.event_bus import EventBridgeBus
from veil.adapters.aws.sqs import DELIVERY, SqsDeliveries
from veil.domain.events import Event, EventType
from veil.domain.ports import InvariantBroken, StorageUnavailable

EVENT = Event("order-paid-01", EventType.ORDER_PAID, 1_795_000_000.25, {"order_id": "01", "credits": 12})


@pytest.fixture(autouse=True)
def on_moto() -> Iterator[None]:
    with mock_aws(), aws_environment():
        yield


def test_what_a_rule_can_match() -> None:
    """Its source, its type and what is in it, on the bus of this stage. The local cloud shows that a rule gets it."""
    sent: list[Any] = []
    boto3.client("events").create_event_bus(Name="veil-test")
    aws.client("events").meta.events.register(
        "provide-client-params.events.PutEvents", lambda params, **_: sent.append(params)
    )
    EventBridgeBus("veil-test").put(EVENT)
    ((entry,),) = [params["Entries"] for params in sent]
    assert json.loads(entry.pop("Detail")) == {"id": "order-paid-01", **EVENT.envelope}
    assert entry == {"EventBusName": "veil-test", "Source": "veil", "DetailType": "order.paid", "Time": EVENT.at}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("InternalFailure", StorageUnavailable),
        ("ThrottlingException", StorageUnavailable),
        ("MalformedDetail", InvariantBroken),
        ("NotAuthorizedForSourceException", InvariantBroken),
    ],
)
def test_an_entry_that_failed_in_an_answer_of_200(code: str, error: type[Exception]) -> None:
    with Stubber(aws.client("events")) as stub:
        stub.add_response("put_events", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code}]})
        with pytest.raises(error, match=code):
            EventBridgeBus("veil-test").put(EVENT)


def test_a_call_that_may_pass_by_itself() -> None:
    with Stubber(aws.client("events")) as stub:
        stub.add_client_error("put_events", "InternalException", http_status_code=500)
        with pytest.raises(StorageUnavailable):
            EventBridgeBus("veil-test").put(EVENT)


def test_what_is_to_be_posted_is_the_whole_event() -> None:
    queue = boto3.client("sqs").create_queue(QueueName="deliveries")["QueueUrl"]
    SqsDeliveries(queue).send(EVENT)
    (message,) = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    body: dict[str, Any] = json.loads(message["Body"])
    assert body["kind"] == DELIVERY
    assert Event.from_detail(body["event"]) == EVENT
