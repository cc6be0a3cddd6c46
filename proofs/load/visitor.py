"""One of the app's users: asks for its credits, uploads a photo, waits for its check, asks for four portraits, waits
for them, downloads all four, chooses one.
"""

from collections.abc import Collection, Iterator
from random import choice
from time import monotonic
from typing import Any, ClassVar, NamedTuple
from uuid import uuid4

import gevent
from locust import FastHttpUser, task
from locust.contrib.fasthttp import FastResponse
from locust.exception import CatchResponseError

from proofs.load.judge import RATE_LIMITED, error_of, wait_asked

type Json = dict[str, Any]

STYLES = ("classic", "modern", "vintage", "romantic", "cinematic")
WAIT = "WAIT"  # in the place of a method: how long a user waited for something, over many requests
POLL_SECONDS = 1.0  # between two looks where the answer has no Retry-After; a generation's has one, of 2
PATIENCE_SECONDS = 600.0  # of a user, for one thing
REQUEST_SECONDS = 65.0  # past the 30 s of API Gateway


class Awaited(NamedTuple):
    """What a user waits for: its name, its route, the statuses that pass, and the one that it has to end with."""

    what: str
    route: str
    passing: Collection[str]
    wanted: str


CHECK = Awaited("for the check", "/uploads/*", {"pending", "checking"}, "ready")
PORTRAITS = Awaited("for portraits", "/generations/*", {"processing"}, "completed")


class TurnedAway(Exception):
    """The visit can't go on; why has been counted."""


class Visitor(FastHttpUser):
    """One user, for one visit; afterwards it stays, idle, since locust would put another in its place."""

    network_timeout = connection_timeout = REQUEST_SECONDS
    insecure = False
    tokens: ClassVar[Iterator[str]]
    photo: ClassVar[bytes]
    ended: ClassVar[int] = 0
    done = False

    def on_start(self) -> None:
        self.signed_in = {"authorization": f"Bearer {next(self.tokens)}", "accept-language": "en"}

    @task
    def visit(self) -> None:
        if self.done:
            gevent.sleep(1)
            return
        started = monotonic()
        try:
            self._ask("GET", "/credits")
            self._enjoy(*self._generate(self._upload()))
            self._count(WAIT, "for all of it", (monotonic() - started) * 1000)
        except TurnedAway:
            pass
        finally:
            self.done = True
            Visitor.ended += 1

    def _upload(self) -> str:
        wish = {"content_type": "image/jpeg", "size": len(self.photo)}
        upload = self._ask("POST", "/uploads", json=wish, expected={201}).json()
        started = monotonic()
        self._send(upload["method"], upload["url"], "photo (S3)", data=self.photo, headers=upload["headers"])
        path = f"/uploads/{upload['upload_id']}"
        self._wait(CHECK, path, started)
        return str(upload["upload_id"])

    def _generate(self, upload_id: str) -> tuple[str, float]:
        """Its id, and when it was asked for."""
        wish = {"upload_id": upload_id, "style": choice(STYLES)}  # noqa: S311 - no secret
        key = {"idempotency-key": str(uuid4())}
        started = monotonic()
        return self._ask("POST", "/generations", json=wish, headers=key, expected={202}).json()["id"], started

    def _enjoy(self, generation_id: str, started: float) -> None:
        path = f"/generations/{generation_id}"
        generation = self._wait(PORTRAITS, path, started)
        for image in generation["images"]:
            self._send("GET", image["url"], "portrait (S3)")
        liked = choice(generation["images"])["index"]  # noqa: S311 - no secret
        self._ask("PUT", f"{path}/selection", "/…/selection", json={"image": liked})

    def _wait(self, awaited: Awaited, path: str, started: float) -> Json:
        """Look again and again until its status passes no more; what is unchanged comes without a body."""
        seen: Json = {"status": ""}
        known: dict[str, str] = {}
        while seen["status"] in {"", *awaited.passing} and monotonic() < started + PATIENCE_SECONDS:
            answer = self._ask("GET", path, awaited.route, headers=known, expected={200, 304})
            if answer.status_code == 200:
                seen = answer.json()
            if seen["status"] in awaited.passing:
                headers: Any = answer.headers
                known = {"if-none-match": headers["etag"]} if "etag" in headers else {}
                gevent.sleep(float(headers.get("retry-after", POLL_SECONDS)))
        trouble = None if seen["status"] == awaited.wanted else f"ended as {seen['status']}"
        self._count(WAIT, awaited.what, (monotonic() - started) * 1000, trouble)
        return seen

    def _ask(self, method: str, path: str, name: str | None = None, **request: Any) -> FastResponse:
        """Ask Veil, signed in; what it refuses honestly for now, again when it says."""
        headers = self.signed_in | request.pop("headers", {})
        end = monotonic() + PATIENCE_SECONDS
        while (answer := self._send(method, path, name or path, headers=headers, **request)) is None:
            if monotonic() > end:
                self._count(method, name or path, 0, "rate limited for too long")
        return answer

    def _send(
        self, method: str, url: str, name: str, expected: Collection[int] = (200,), **request: Any
    ) -> FastResponse | None:
        """Send once; None after the wait that a rate limit asks for. Raises `TurnedAway` for what is not expected."""
        with self.client.request(method, url, name, catch_response=True, **request) as answer:
            body = answer.content or b""
            wait = wait_asked(answer.status_code, answer.headers or {}, body)
            error = None if wait is not None else error_of(answer.status_code, body, expected)
            if wait is not None:
                answer.request_meta["name"] += RATE_LIMITED
            if error is None:
                answer.success()
            else:
                answer.failure(error if answer.status_code else f"no answer: {_cause(answer.error)}")
        if error is not None:
            raise TurnedAway
        if wait is not None:
            gevent.sleep(wait)
        return answer if wait is None else None

    def _count(self, kind: str, name: str, milliseconds: float, trouble: str | None = None) -> None:
        """As if it had been a request. Raises `TurnedAway` where there is trouble."""
        error = CatchResponseError(trouble) if trouble else None
        self.environment.events.request.fire(
            request_type=kind, name=name, response_time=milliseconds, response_length=0, exception=error, context={}
        )
        if error:
            raise TurnedAway


def _cause(error: Exception) -> str:
    """Why nothing came, without the URL: one kind of error, whoever met it."""
    cause = getattr(error, "original", error)
    return f"{type(cause).__name__} {cause}" if cause is not error else type(error).__name__
