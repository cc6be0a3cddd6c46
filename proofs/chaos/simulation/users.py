"""People with the app: they upload, choose a style, wait, look, choose, delete, buy; and try again as an app does."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlsplit

from local.simulated.functions import http_event
from proofs.chaos.simulation.world import World
from veil.api.routes import FALLBACK, ROUTES
from veil.domain.styles import STYLES

TRIES = 12  # of one request, when it gets no answer or an error that says to try again
PURCHASE = 8  # credits
LOST = "the app's answer lost"


@dataclass(frozen=True)
class Photo:
    content_type: str
    data: bytes
    good: bool


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    json: Any

    @property
    def final(self) -> bool:
        """Whether it says what became of it, rather than to try again."""
        return self.status < 500 or (self.status == 503 and self.json["code"] == "provider_unavailable")


class User:
    """One person, who wants ``share`` generations."""

    def __init__(self, world: World, name: str, photos: list[Photo], share: int) -> None:
        self.name = name
        self.accepted: dict[str, str] = {}  # idempotency key → generation
        self._world, self._photos, self._share = world, photos, share
        self._purchases = 0

    def live(self) -> None:
        """Do what they came for."""
        for number in range(self._share):
            if generation_id := self._generation(f"{number}"):
                self._look_around(generation_id)
            self._world.scheduler.pause(self._world.random.uniform(1, 300))

    def generate_once(self) -> str | None:
        """One generation's id; None where the photo can't be used."""
        upload_id = self._upload()
        if upload_id:
            self._generate(upload_id, "0")
        return self.accepted.get("0")

    def wait_for(self, generation_id: str) -> None:
        """Look until it has ended, for an hour at most."""
        for _ in range(60):
            seen = self.ask("GET", f"/generations/{generation_id}")
            if seen and seen.json.get("status") != "processing":
                return
            self._world.scheduler.pause(60)

    def _generation(self, key: str) -> str | None:
        """Try until there is one, with other photos where these can't be used."""
        upload_id = None
        for _ in range(TRIES):
            upload_id = upload_id or self._upload()
            if upload_id and not self._generate(upload_id, key):
                upload_id = None
            if key in self.accepted:
                return self.accepted[key]
        return None

    def _upload(self) -> str | None:
        """The id of an upload that is ready; None where it did not come to be."""
        random = self._world.random
        photo = random.choice(self._photos)
        digest = b64encode(sha256(photo.data).digest()).decode()
        body = {"content_type": photo.content_type, "size": len(photo.data), "sha256": digest}
        place = self.ask("POST", "/uploads", body)
        if place is None or place.status != 201:
            self._wait(place)
            return None
        key = unquote(urlsplit(place.json["url"]).path).lstrip("/")
        headers = {name.lower(): value for name, value in place.json["headers"].items()}
        self._world.scheduler.pause(random.uniform(0.1, 20))
        self._world.s3.put(key, headers, photo.data)
        for _ in range(40):
            self._world.scheduler.pause(random.uniform(1, 120))
            seen = self.ask("GET", f"/uploads/{place.json['upload_id']}")
            if seen and seen.status == 200 and seen.json["status"] == "ready":
                return str(seen.json["upload_id"])
            if seen and seen.status == 200 and seen.json["status"] == "rejected":
                return None
        return None

    def _generate(self, upload_id: str, key: str) -> bool:
        """Whether the upload can be used on; what was accepted is in ``accepted``."""
        body = {"upload_id": upload_id, "style": list(STYLES)[int(key) % len(STYLES)]}
        answer = self.ask("POST", "/generations", body, {"idempotency-key": f"key {key}"})
        if answer is None:
            return True
        if answer.status in (200, 202):
            self._accept(key, answer)
        elif answer.status == 402:
            self.buy()
        elif answer.status == 503 and answer.json["code"] == "provider_unavailable":
            self._world.score.ends["generations refused by the provider"] += 1
            self._accept(key, self.ask("POST", "/generations", body, {"idempotency-key": f"key {key}"}))
        elif answer.status == 422 and answer.json["code"] == "idempotency_key_reused":
            # An earlier try got through, with another photo; the app asks with that key no more.
            if newest := self._newest():
                self.accepted[key] = newest
        else:
            self._wait(answer)
            return answer.status == 429
        return True

    def _accept(self, key: str, answer: Reply | None) -> None:
        if answer is None or answer.status not in (200, 202):
            return
        known = self.accepted.setdefault(key, answer.json["id"])
        if known != answer.json["id"]:
            self._world.score.violation(f"one key, two generations: {known}, {answer.json['id']}")

    def _newest(self) -> str | None:
        found = self.ask("GET", "/generations", query={"limit": "1"})
        return found.json["items"][0]["id"] if found and found.status == 200 and found.json["items"] else None

    def buy(self) -> None:
        """The money has been taken: the credits are granted until that is known to be done, once for each receipt."""
        self._purchases += 1
        self._world.buy(self.name, PURCHASE, f"receipt {self._purchases}")

    def _look_around(self, generation_id: str) -> None:
        """What a person does while and after the portraits are made."""
        random, scheduler = self._world.random, self._world.scheduler
        for seconds in (random.uniform(1, 5), random.uniform(5, 60)):
            scheduler.pause(seconds)
            self.ask("GET", f"/generations/{generation_id}")
        whims: list[Callable[[], object]] = [
            lambda: self.ask("PUT", f"/generations/{generation_id}/selection", {"image": random.randint(0, 3)}),
            lambda: self.ask("DELETE", f"/generations/{generation_id}/selection"),
            lambda: self.ask("GET", "/credits"),
            lambda: self.ask("GET", "/credits/entries", query={"limit": "3"}),
            lambda: self.ask("DELETE", f"/generations/{generation_id}"),
        ]
        for whim in whims:
            if random.random() < 0.15:
                whim()

    def _wait(self, answer: Reply | None) -> None:
        seconds = float(answer.headers.get("retry-after", "5")) if answer else 5.0
        self._world.scheduler.pause(seconds)

    def ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
    ) -> Reply | None:
        """Ask the API, again while there is no answer or the answer says to; None when it did not help."""
        sent = json.dumps(body) if body is not None else None
        event = http_event(method, path, body=sent, user=self.name, headers=headers, query=query)
        for attempt in range(TRIES):
            reply = reply_of(self._world.invoke(function_of(method, path), event))
            if reply and reply.status == 500:
                self._world.score.violation(f"{method} {path} answered 500")
            if self._world.weather.strikes("api"):
                self._world.score.injected[LOST] += 1
            elif reply and reply.final:
                return reply
            self._world.scheduler.pause(self._world.random.uniform(0.5, 2 ** min(attempt, 5)))
        return None


def function_of(method: str, path: str) -> str:
    """The function behind a route, as the gateway has it."""
    for route in ROUTES:
        template = re.sub(r"\{[^}]+\}", "[^/]+", route.path)
        if route.method == method and re.fullmatch(template, path):
            return route.function
    return FALLBACK


def reply_of(answer: Any) -> Reply | None:
    """What the app makes of a function's answer; None where it has none."""
    if not isinstance(answer, dict):
        return None
    body = answer.get("body") or ""
    return Reply(answer["statusCode"], answer.get("headers", {}), json.loads(body) if body else None)
