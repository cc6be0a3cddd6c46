"""One user of the load: consents, a pack bought, a photo up, its check, four images, all downloaded, one selected."""

from collections.abc import Iterator
from dataclasses import replace
from random import choice, random
from time import monotonic
from typing import Any, ClassVar
from uuid import uuid4

import gevent
from locust import FastHttpUser, task
from locust.contrib.fasthttp import FastResponse
from locust.exception import CatchResponseError

from operations import checkout, visit
from operations.visit import Ask, Json, Script
from proofs.load.tally import (
    RATE_LIMITED,
    THROTTLED,
    WAITED,
    error_of,
    is_throttled,
    seconds_before,
    wait_asked,
)
from veil.domain.consents import ConsentKind
from veil.domain.styles import STYLES

PATIENCE_SECONDS = 600.0  # of a user, for one thing
REQUEST_SECONDS = 65.0  # past the 30 s of API Gateway
DELETE_EVERY = 10  # users, one of whom deletes the generation


class TurnedAway(Exception):
    """The visit can't go on; the reason has been counted."""


class LoadUser(FastHttpUser):
    """One user, for one visit; afterwards it stays, idle, since locust would start another in its place."""

    network_timeout = connection_timeout = REQUEST_SECONDS
    insecure = False
    tokens: ClassVar[Iterator[tuple[int, str]]]  # numbered
    photo: ClassVar[bytes]
    window: ClassVar[str | None] = None  # where one pays
    ended: ClassVar[int] = 0
    done = False

    def on_start(self) -> None:
        self.number, token = next(self.tokens)
        self.signed_in = {"authorization": f"Bearer {token}", "accept-language": "en"}

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
        yield from visit.agree(ConsentKind.FACE_COMPARISON)
        if self.window:
            yield from self._buy(self.window)
        upload_id = yield from self._send_photo()
        started = monotonic()
        ask = visit.generate(upload_id, choice(list(STYLES)), str(uuid4()))  # noqa: S311 - no secret
        generation_id = (yield replace(ask, expected={202})).json()["id"]  # 200 would be another request's
        images = visit.wait_for_images(generation_id, PATIENCE_SECONDS)
        generation = yield from self._wait("for images", "completed", images, started)
        for image in generation["images"]:
            yield Ask("GET", image["url"])
        yield visit.select(generation_id, choice(generation["images"])["index"])  # noqa: S311 - no secret
        if self.number % DELETE_EVERY == DELETE_EVERY - 1:
            yield replace(visit.delete(generation_id), expected={204})

    def _buy(self, window: str) -> Script[None]:
        packs = (yield checkout.PRODUCTS).json()["packs"]
        order = (yield checkout.place_order(packs[0]["id"], str(uuid4()))).json()
        told = (yield checkout.pay(window, order)).json()
        started = monotonic()
        paid = (yield checkout.confirm(order["id"], told)).json()
        if paid["status"] == "confirming":
            waiting = visit.wait_for_order(order["id"], PATIENCE_SECONDS)
            yield from self._wait("for the payment", "paid", waiting, started)

    def _send_photo(self) -> Script[str]:
        """The upload's id, once it is ready."""
        place = (yield visit.ask_upload(self.photo, "image/jpeg")).json()
        started, upload_id = monotonic(), str(place["upload_id"])
        yield visit.put_photo(place, self.photo)
        check = visit.wait_for_check(upload_id, PATIENCE_SECONDS)
        yield from self._wait("for the check", "ready", check, started)
        return upload_id

    def _wait(self, what: str, wanted: str, script: Script[Json], started: float) -> Script[Json]:
        """Wait until the status is final, and count how long it took; raises `TurnedAway` unless it is ``wanted``."""
        try:
            seen = yield from script
        except visit.NotFinal as late:
            seen = late.seen
        self._count(WAITED, what, started, None if seen["status"] == wanted else f"ended as {seen['status']}")
        return seen

    def _ask(self, ask: Ask) -> FastResponse:
        """The answer; where a limit says to wait, or the gateway is busy, the answer after that."""
        started, tries = monotonic(), 1
        while (answer := self._send(ask, tries)) is None:
            tries += 1
            if monotonic() > started + PATIENCE_SECONDS:
                self._count(ask.method, ask.route, started, "turned away for too long")
        return answer

    def _send(self, ask: Ask, tries: int) -> FastResponse | None:
        """The answer; None after the wait that a limit asks for, or that follows the ``tries``-th try at a gateway that
        is busy. Raises `TurnedAway` for what is not expected.
        """
        headers = {**(self.signed_in if ask.to_api else {}), **ask.headers}
        sent: dict[str, Any] = {"headers": headers, "data": ask.content, "catch_response": True}
        with self.client.request(ask.method, ask.url, ask.route, json=ask.json, **sent) as answer:
            body, status, got = answer.content or b"", answer.status_code, answer.headers or {}
            throttled = ask.to_api and is_throttled(status, got)
            wait = seconds_before(tries, random()) if throttled else wait_asked(status, got, body)  # noqa: S311
            error = error_of(status, body, ask.expected) if wait is None else None
            if wait is not None:
                answer.request_meta["name"] += THROTTLED if throttled else RATE_LIMITED
            if error is None:
                answer.success()
            else:
                answer.failure(error if status else f"no answer: {_cause(answer.error)}")
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
    """As the web client waits: not in step with others."""
    waited = seconds + random()  # noqa: S311 - no secret
    gevent.sleep(waited)
    return waited


def _cause(error: Exception) -> str:
    """Why nothing came, without the URL: one kind of error, whoever met it."""
    cause = getattr(error, "original", error)
    return f"{type(cause).__name__} {cause}" if cause is not error else type(error).__name__
