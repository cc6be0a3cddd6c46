"""The main job on a stage: each thing that is not as it must be ends it, and nothing is left behind."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from rich.console import Console

from operations.client import VeilClient
from operations.errors import OperationError
from operations.progress import Progress
from operations.smoke import Smoke, user_of

ID = "01JDZ0000000000000000000AB"
URL = "https://api.example"
IMAGE = "https://bucket.example/results"
TOKEN = "e30.eyJzdWIiOiAiYWRhIn0.x"  # {"sub": "ada"}


CONSENT = {
    "kind": "third_party_ai",
    "required": True,
    "latest_version": "2",
    "version": "1",
    "granted": True,
    "decided_at": "2026-11-23T01:02:03Z",
}


class Api:
    """An API that does well, but for what a test sets; ``asked`` are the requests, ``granted`` the credits."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.granted: list[tuple[str, int]] = []
        self.available, self.deleted, self.captured = 8, False, 4
        self.upload: dict[str, Any] = {"status": "ready"}
        self.generation: dict[str, Any] = {"status": "completed"}
        self.refused: dict[str, int] = {}  # the statuses of some routes
        self.image = (200, "image/webp", b"x" * 2000)
        self.keeps_images = False
        self.looks_until_gone = 0  # so often the edge shows an image that was deleted
        self.shown = io.StringIO()

    def answer(self, request: httpx.Request) -> httpx.Response:
        route = f"{request.method} {request.url.path}"
        self.asked.append(route)
        if request.url.host == "bucket.example":
            return self._of_bucket(request.method)
        if route in self.refused:
            return httpx.Response(self.refused[route], json={"code": "odd"})
        routes: dict[str, Callable[[], tuple[int, Any]]] = {
            "GET /health": lambda: (200, {}),
            "GET /credits": lambda: (200, {"available": self.available, "held": 0, "owed": 0}),
            "GET /consents": lambda: (200, {"consents": [CONSENT, {**CONSENT, "required": False}]}),
            "PUT /consents/third_party_ai": lambda: (200, CONSENT),
            "POST /uploads": lambda: (201, {"upload_id": ID, "method": "PUT", "url": IMAGE, "headers": {}}),
            f"GET /uploads/{ID}": lambda: (200, self.upload),
            "POST /generations": self._start,
            f"GET /generations/{ID}": lambda: (404, {}) if self.deleted else (200, self._shown()),
            f"PUT /generations/{ID}/selection": lambda: (200, self._shown()),
            f"DELETE /generations/{ID}": self._delete,
        }
        status, body = routes[route]()
        return httpx.Response(status, json=body)

    def _of_bucket(self, method: str) -> httpx.Response:
        if method == "GET" and self.deleted and not self.keeps_images:
            self.looks_until_gone -= 1
            if self.looks_until_gone < 0:
                return httpx.Response(403)
        status, content_type, data = self.image
        return httpx.Response(status, content=data, headers={"content-type": content_type})

    def _start(self) -> tuple[int, Any]:
        if self.available < 4:
            return 402, {"code": "insufficient_credits", "required": 4, "available": self.available}
        self.available -= self.captured
        return 202, {"id": ID}

    def _shown(self) -> dict[str, Any]:
        images = [{"index": index, "url": f"{IMAGE}/{index}", "error": None} for index in range(4)]
        return {"images": images, "credits": {"captured": 4}, **self.generation}

    def _delete(self) -> tuple[int, Any]:
        self.deleted = True
        return 204, None

    def grant(self, user: str, amount: int) -> None:
        self.granted.append((user, amount))
        self.available += amount

    def smoke(self) -> None:
        with VeilClient(URL, TOKEN, poll_seconds=0) as client:
            transport = httpx.MockTransport(self.answer)
            client.api, client.http = httpx.Client(transport=transport, base_url=URL), httpx.Client(transport=transport)
            Smoke(client, self.grant, Progress(Console(file=self.shown, width=200)), 60).run(b"photo", user_of(TOKEN))


def test_all_is_well() -> None:
    api = Api()
    api.smoke()
    assert api.deleted
    assert api.granted == []
    steps = api.shown.getvalue().splitlines()
    assert len(steps) == 12
    assert all(step.endswith(" s") for step in steps)


def test_an_account_without_credits_is_given_what_it_lacks() -> None:
    api = Api()
    api.available = 1
    api.smoke()
    assert api.granted == [("ada", 3)]
    assert api.available == 0


def test_the_edge_may_show_an_image_for_a_moment_after_it_was_deleted() -> None:
    api = Api()
    api.looks_until_gone = 3
    api.smoke()
    assert api.asked.count("GET /results/0") == 1 + 4


ODD: list[tuple[dict[str, Any], str, bool]] = [
    ({"refused": {"GET /health": 503}}, "the API answers? GET /health answered 503", False),
    ({"refused": {"GET /credits": 401}}, "it accepts the token? GET /credits answered 401", False),
    (
        {"upload": {"status": "rejected", "reason": {"code": "no_face", "detail": "None."}}},
        "one face? the photo",
        False,
    ),
    ({"refused": {"POST /generations": 429}}, "predictions started? POST /generations answered 429", False),
    ({"generation": {"status": "partial", "images": []}}, "stored? it ended as partial: []", True),
    ({"refused": {f"PUT /generations/{ID}/selection": 409}}, "one is chosen? PUT", True),
    ({"image": (200, "text/html", b"x" * 2000)}, "image 0 is text/html", True),
    ({"image": (200, "image/webp", b"")}, "image 0 is image/webp", True),
    ({"keeps_images": True}, "can be reached any more? GET https://bucket.example/results/0 answered 200", True),
    ({"captured": 3}, "the credits are right? they are {'available': 5", True),
]


@pytest.mark.parametrize(("oddness", "said", "deleted"), ODD)
def test_what_is_odd_ends_it_and_what_was_made_is_deleted(oddness: dict[str, Any], said: str, deleted: bool) -> None:
    api = Api()
    for name, value in oddness.items():
        setattr(api, name, value)
    with pytest.raises(OperationError) as odd:
        api.smoke()
    assert said in str(odd.value)
    assert api.deleted is deleted


def test_what_cannot_be_deleted_is_said_and_what_came_first_is_told() -> None:
    api = Api()
    api.generation = {"status": "partial", "images": []}
    api.refused = {f"DELETE /generations/{ID}": 409}
    with pytest.raises(OperationError, match="ended as partial"):
        api.smoke()
    assert f"generation {ID} is still there" in api.shown.getvalue()


def test_an_api_that_does_not_answer() -> None:
    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    api = Api()
    api.answer = lost  # type: ignore[method-assign]
    with pytest.raises(OperationError, match=r"the API answers\? No answer: ConnectError"):
        api.smoke()


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "e30.W10.x", "e30.e30.x"])
def test_a_token_without_a_user(token: str) -> None:
    with pytest.raises(OperationError, match="no JWT with a sub"):
        user_of(token)
