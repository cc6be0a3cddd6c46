"""One user of the load: a photo up, its check, four images, all downloaded, one selected."""

from collections.abc import Iterator
from dataclasses import replace
from random import choice
from time import monotonic
from typing import Any, ClassVar
from uuid import uuid4

import gevent
from locust import FastHttpUser, task
from locust.contrib.fasthttp import FastResponse
from locust.exception import CatchResponseError

from operations import visit
from operations.visit import Ask, Json, Script
from proofs.load.tally import RATE_LIMITED, WAITED, error_of, wait_asked
from veil.domain.styles import STYLES

PATIENCE_SECONDS = 600.0  # of a user, for one thing
REQUEST_SECONDS = 65.0  # past the 30 s of API Gateway


class TurnedAway(Exception):
    """The visit can't go on; the reason has been counted."""


class LoadUser(FastHttpUser):
    """One user, for one visit; afterwards it stays, idle, since locust would start another in its place."""

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
            visit.drive(self._script(), self._ask, _pause)
            self._count(WAITED, "for all of it", started)
        except TurnedAway:
            pass
        finally:
            self.done = True
            LoadUser.ended += 1

    def _script(self) -> Script[None]:
        yield visit.CREDITS
        yield from visit.agree()
        place = (yield visit.ask_upload(self.photo, "image/jpeg")).json()
        started, upload_id = monotonic(), place["upload_id"]
        yield visit.put_photo(place, self.photo)
        check = visit.wait_for_check(upload_id, PATIENCE_SECONDS)
        yield from self._wait("for the check", "ready", check, started)
        started = monotonic()
        ask = visit.generate(upload_id, choice(list(STYLES)), str(uuid4()))  # noqa: S311 - no secret
        generation_id = (yield replace(ask, expected={202})).json()["id"]  # 200 would be another request's
        images = visit.wait_for_images(generation_id, PATIENCE_SECONDS)
        generation = yield from self._wait("for images", "completed", images, started)
        for image in generation["images"]:
            yield Ask("GET", image["url"])
        yield visit.select(generation_id, choice(generation["images"])["index"])  # noqa: S311 - no secret

    def _wait(self, what: str, wanted: str, script: Script[Json], started: float) -> Script[Json]:
        """Wait until the status is final, and count how long it took; raises `TurnedAway` unless it is ``wanted``."""
        try:
            seen = yield from script
        except visit.NotFinal as late:
            seen = late.seen
        self._count(WAITED, what, started, None if seen["status"] == wanted else f"ended as {seen['status']}")
        return seen

    def _ask(self, ask: Ask) -> FastResponse:
        """The answer; where a rate limit says to wait, the answer after that wait."""
        started = monotonic()
        while (answer := self._send(ask)) is None:
            if monotonic() > started + PATIENCE_SECONDS:
                self._count(ask.method, ask.route, started, "rate limited for too long")
        return answer

    def _send(self, ask: Ask) -> FastResponse | None:
        """The answer; None after the wait that a rate limit asks for. Raises `TurnedAway` for what is not expected."""
        headers = {**(self.signed_in if ask.to_api else {}), **ask.headers}
        sent: dict[str, Any] = {"headers": headers, "data": ask.content, "catch_response": True}
        with self.client.request(ask.method, ask.url, ask.route, json=ask.json, **sent) as answer:
            body = answer.content or b""
            wait = wait_asked(answer.status_code, answer.headers or {}, body)
            error = error_of(answer.status_code, body, ask.expected) if wait is None else None
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

    def _count(self, kind: str, name: str, started: float, trouble: str | None = None) -> None:
        """Count as if it had been a request. Raises `TurnedAway` where there was trouble."""
        error, milliseconds = CatchResponseError(trouble) if trouble else None, (monotonic() - started) * 1000
        self.environment.events.request.fire(
            request_type=kind, name=name, response_time=milliseconds, response_length=0, exception=error, context={}
        )
        if error:
            raise TurnedAway


def _pause(seconds: float) -> float:
    gevent.sleep(seconds)
    return seconds


def _cause(error: Exception) -> str:
    """Why nothing came, without the URL: one kind of error, whoever met it."""
    cause = getattr(error, "original", error)
    return f"{type(cause).__name__} {cause}" if cause is not error else type(error).__name__
