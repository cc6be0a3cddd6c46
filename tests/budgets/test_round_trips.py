"""How often a request goes out to AWS, Redis and Replicate: counted, on a warm function."""

from collections.abc import Callable
from threading import Barrier, Lock
from typing import Any

import httpx
import pytest
from botocore.client import BaseClient

from local.photos.make import encode, noise
from tests.support.callbacks import Callbacks
from tests.support.functions import Call, Ready
from tests.support.shop import Shop
from tests.support.wire import Reply, Wire

START = "POST /replicate/v1/models/black-forest-labs/flux-kontext-pro/predictions"


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch, call: Call, ready: Ready) -> list[str]:
    """What went out, in order, once the function is warm: its account is open and its secrets are known."""
    call("generations", "POST", "/generations", ready.body)
    out: list[str] = []
    lock, together = Lock(), Barrier(4, timeout=5)
    to_aws, to_others = BaseClient._make_api_call, httpx.HTTPTransport.handle_request

    def aws(client: Any, operation: str, parameters: Any) -> Any:
        out.append(f"{client.meta.service_model.service_name} {operation}")
        return to_aws(client, operation, parameters)

    def others(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        trip = f"{request.method} {request.url.path}"
        with lock:
            out.append(trip)
        if trip == START:
            together.wait()  # broken unless all four are on their way at once
        return to_others(transport, request)

    monkeypatch.setattr(BaseClient, "_make_api_call", aws)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", others)
    return out


def test_post_generations(call: Call, ready: Ready, trips: list[str]) -> None:
    """Five round trips to AWS and Redis, and one, four side by side, to Replicate."""
    answer = call("generations", "POST", "/generations", ready.body, headers={"idempotency-key": "k"})
    assert answer.status == 202
    assert {image["status"] for image in answer.json["images"]} == {"running"}
    assert trips == [
        "dynamodb BatchGetItem",
        "POST /upstash",
        "dynamodb TransactWriteItems",
        "dynamodb UpdateItem",
        *[START] * 4,
        "dynamodb UpdateItem",
    ]


def test_a_replay(call: Call, ready: Ready, trips: list[str]) -> None:
    for _ in range(2):
        trips.clear()
        answer = call("generations", "POST", "/generations", ready.body, headers={"idempotency-key": "k"})
    assert answer.status == 200
    assert trips == ["dynamodb BatchGetItem", "dynamodb GetItem"]


@pytest.fixture
def begun(call: Call, ready: Ready, callbacks: Callable[[str], Callbacks], outputs: Wire) -> Callable[[], Callbacks]:
    """Start a generation, whose images are at any path of ``outputs``."""
    outputs.answer(Reply(200, encode(noise(), "JPEG")))
    return lambda: callbacks(call("generations", "POST", "/generations", ready.body).json["id"])


def test_a_webhook_that_stores(trips: list[str], begun: Callable[[], Callbacks], outputs: Wire) -> None:
    told = begun()
    assert told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    trips.clear()
    assert told.tell(1, "succeeded", output=f"{outputs.url}/b.jpg").status == 204
    assert trips == ["dynamodb GetItem", "GET /b.jpg", "s3 PutObject", "dynamodb UpdateItem"]


def test_the_last_image_hands_over_that_others_are_told(
    trips: list[str], begun: Callable[[], Callbacks], outputs: Wire
) -> None:
    told = begun()
    for index in range(3):
        assert told.tell(index, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    trips.clear()
    assert told.tell(3, "succeeded", output=f"{outputs.url}/b.jpg").status == 204
    assert trips == ["dynamodb GetItem", "GET /b.jpg", "s3 PutObject", "dynamodb UpdateItem", "sqs SendMessage"]


def test_a_comparison_costs_those_who_agreed_one_read_and_one_call(
    call: Call, trips: list[str], begun: Callable[[], Callbacks], outputs: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = BaseClient._make_api_call

    def compared(client: Any, operation: str, parameters: Any) -> Any:
        if operation != "CompareFaces":
            return counted(client, operation, parameters)
        trips.append("rekognition CompareFaces")
        return {"FaceMatches": [{"Similarity": 97.1}], "UnmatchedFaces": []}

    monkeypatch.setattr(BaseClient, "_make_api_call", compared)
    agreed = {"version": "2026-11-26", "granted": True}
    assert call("gallery", "PUT", "/consents/face_comparison", agreed).status == 200
    told = begun()
    trips.clear()
    assert told.tell(1, "succeeded", output=f"{outputs.url}/b.jpg").status == 204
    more = ["dynamodb GetItem", "rekognition CompareFaces"]
    assert trips == ["dynamodb GetItem", "GET /b.jpg", *more, "s3 PutObject", "dynamodb UpdateItem"]


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("GET", "/health", 0),
        ("GET", "/styles", 0),
        ("GET", "/generations", 1),
        ("GET", "/credits", 3),
        ("GET", "/credits/entries", 1),
    ],
)
def test_what_only_looks(call: Call, trips: list[str], method: str, path: str, most: int) -> None:
    trips.clear()
    assert call("gallery", method, path).status == 200
    assert len(trips) <= most


def test_confirming_an_order(shop: Shop, trips: list[str]) -> None:
    """One round trip to Toss, and four to AWS: read, claim, pay, and hand over that others are told. A function that is
    new reads the key, too.
    """
    shop.bought()
    order = shop.order()
    key = shop.pay(order)
    trips.clear()
    assert shop.confirm(order, key).status == 200
    assert [trip for trip in trips if not trip.startswith("POST /_control")] == [
        "dynamodb GetItem",
        "dynamodb PutItem",
        "POST /toss/v1/payments/confirm",
        "dynamodb TransactWriteItems",
        "sqs SendMessage",
    ]
