"""`POST /webhooks/{provider}/{token}`: 204 once there is nothing left to do, and else what Replicate should know.

What Replicate would never send is `tests/hostile`.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.photos.make import encode, noise
from local.simulated.environment import WEB_URL
from tests.support.callbacks import Callbacks
from tests.support.driver import is_problem
from tests.support.functions import Call, Ready
from tests.support.wire import Reply, Wire
from veil.domain.ports import AttemptRef, StorageUnavailable

JPEG = encode(noise(), "JPEG")
Of = Callable[[str], Callbacks]


@pytest.fixture
def generation(call: Call, ready: Ready, outputs: Wire) -> str:
    """One that has been started; its outputs are there."""
    outputs.answer(Reply(200, JPEG))
    generation_id: str = call("generations", "POST", "/generations", ready.body).json["id"]
    return generation_id


@pytest.fixture
def told(generation: str, callbacks: Of) -> Callbacks:
    return callbacks(generation)


def _shown(call: Call, generation: str) -> Any:
    return call("gallery", "GET", f"/generations/{generation}").json


def test_a_finished_image(call: Call, generation: str, told: Callbacks, outputs: Wire) -> None:
    answer = told.tell(2, "succeeded", output=f"{outputs.url}/a.jpg")
    assert (answer.status, answer.text) == (204, "")
    shown = _shown(call, generation)
    image = shown["images"][2]
    assert (image["status"], image["width"], image["height"]) == ("stored", 320, 300)
    assert image["url"].startswith(f"{WEB_URL}/results/")
    assert shown["credits"] == {"reserved": 4, "captured": 1, "refunded": 0}
    assert shown["status"] == "processing"


def test_as_often_as_it_comes(call: Call, generation: str, told: Callbacks, outputs: Wire) -> None:
    for _ in range(3):
        assert told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    assert told.tell(0, "failed", error="late").status == 204
    assert _shown(call, generation)["credits"] == {"reserved": 4, "captured": 1, "refunded": 0}


def test_binary_as_api_gateway_sends_it(call: Call, generation: str, told: Callbacks, outputs: Wire) -> None:
    body = json.dumps({"id": told.ids[1], "status": "succeeded", "output": f"{outputs.url}/a.jpg"}).encode()
    assert told.send(told.tokens[1], body, told.sign(body), binary=True).status == 204
    assert _shown(call, generation)["images"][1]["status"] == "stored"


def test_flagged(call: Call, generation: str, told: Callbacks) -> None:
    assert told.tell(0, "failed", error="The output was flagged as sensitive. (E005)").status == 204
    shown = _shown(call, generation)
    assert shown["images"][0]["error"]["code"] == "content_flagged"
    assert shown["credits"]["refunded"] == 1
    assert call("gallery", "GET", "/credits").json == {"available": 5, "held": 3, "owed": 0}


@pytest.mark.parametrize("status", ["failed", "canceled", "aborted"])
def test_a_failure_is_tried_again(call: Call, generation: str, told: Callbacks, callbacks: Of, status: str) -> None:
    assert told.tell(3, status, error="(E1000)").status == 204
    assert _shown(call, generation)["images"][3]["status"] == "running"
    assert callbacks(generation).ids[3] != told.ids[3]
    assert told.tell(3, status, error="(E1000)").status == 204  # of the old attempt: nothing more is started
    assert call("gallery", "GET", "/credits").json == {"available": 4, "held": 4, "owed": 0}


@pytest.mark.parametrize("output", [None, [], "file:///etc/passwd", "https://evil.example/a.jpg", {"x": 1}])
def test_a_bad_output(call: Call, generation: str, told: Callbacks, callbacks: Of, output: Any) -> None:
    assert told.tell(0, "succeeded", output=output).status == 204
    assert callbacks(generation).ids[0] != told.ids[0]  # tried again


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_output_that_is_not_there_yet(
    call: Call, generation: str, told: Callbacks, outputs: Wire, status: int
) -> None:
    """Sent again later, it is stored."""
    outputs.answer(Reply(status), Reply(200, JPEG))
    answer = told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg")
    is_problem(answer, 503, "temporarily_unavailable")
    assert _shown(call, generation)["images"][0]["status"] == "running"
    assert told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    assert _shown(call, generation)["images"][0]["status"] == "stored"


def test_storage_that_is_down(
    generation: str, told: Callbacks, functions: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise StorageUnavailable("SlowDown")

    monkeypatch.setattr(type(functions["webhook"].bootstrap.generations), "get", down)
    is_problem(told.tell(0, "succeeded"), 503, "temporarily_unavailable")


def test_a_defect_is_a_problem_too(
    generation: str, told: Callbacks, functions: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("with a secret in it")

    monkeypatch.setattr(type(functions["webhook"].bootstrap.generations), "get", broken)
    answer = told.tell(0, "succeeded")
    is_problem(answer, 500, "internal_error")
    assert "secret" not in answer.text


def test_a_generation_that_is_gone(told: Callbacks, user: str, functions: dict[str, Any]) -> None:
    token = functions["webhook"].bootstrap.tokens.seal(AttemptRef(user, "01JDCK5T7Q8Z9A1B2C3D4E5F6G", 0, 1))
    assert told.tell(0, "failed", token=token).status == 204
