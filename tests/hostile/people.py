"""Users of the API, and what they do as an app does it."""

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from uuid import uuid4

import httpx

from local.photos.make import encode, noise
from local.simulated.environment import SIGNING_SECRET
from local.simulated.functions import Answer, Context, http_event
from tests.support.callbacks import Callbacks
from tests.support.driver import answer
from tests.support.wire import Reply, Wire

JPEG = encode(noise(), "JPEG")


@dataclass
class App:
    """One user's app, with an account of ``credits`` and a photo that was checked."""

    name: str
    functions: dict[str, ModuleType]
    control: httpx.Client
    credits: int = 40
    user: str = field(init=False)
    upload_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.user = f"{self.name}|{uuid4().hex}"
        self.functions["generations"].bootstrap.accounts.open_account(self.user, self.credits, 0)
        self.upload_id = self.upload()

    def call(self, function: str, method: str, path: str, body: object = None, **given: Any) -> Answer:
        sent = http_event(method, path, body, user=self.user, **given)
        return answer(self.functions[function].handler(sent, Context()))

    def upload(self) -> str:
        wanted = {"content_type": "image/jpeg", "size": 1000}
        upload_id: str = self.call("uploads", "POST", "/uploads", wanted).json["upload_id"]
        uploads = self.functions["uploads"].bootstrap.uploads
        upload = uploads.get(self.user, upload_id)
        assert uploads.begin_check(upload)
        uploads.ready(upload, 768, 1024)
        return upload_id

    def generate(self, **headers: str) -> str:
        body = {"upload_id": self.upload_id, "style": "classic"}
        generation_id: str = self.call("generations", "POST", "/generations", body, headers=headers).json["id"]
        return generation_id

    def callbacks(self, generation_id: str) -> Callbacks:
        return Callbacks(self.functions["webhook"], self.control, SIGNING_SECRET, generation_id)

    def settle(self, told: Callbacks, outputs: Wire) -> None:
        """Two images stored, two refunded."""
        outputs.answer(Reply(200, JPEG))
        for index in (0, 2):
            assert told.tell(index, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
        for index in (1, 3):
            assert told.tell(index, "failed", error="NSFW").status == 204


@dataclass
class Person:
    """Who has one of everything: of generations, ``running`` has four images that wait and was made with ``key``,
    ``settled`` two that are stored and two refunded, and ``deleted`` is gone.
    """

    user: str
    upload_id: str
    running: str
    settled: str
    deleted: str
    callbacks: Callbacks
    old_callbacks: Callbacks
    cursors: dict[str, str]
    key: str


def person(name: str, functions: dict[str, ModuleType], control: httpx.Client, outputs: Wire) -> Person:
    app, key = App(name, functions, control), f"{name}'s first tap"
    running, settled, deleted = app.generate(**{"idempotency-key": key}), app.generate(), app.generate()
    old = app.callbacks(deleted)
    for told in (app.callbacks(settled), old):
        app.settle(told, outputs)
    assert app.call("gallery", "DELETE", f"/generations/{deleted}").status == 204
    cursors = {
        path: app.call("gallery", "GET", path, query={"limit": "1"}).json["next_cursor"]
        for path in ("/generations", "/credits/entries")
    }
    told = app.callbacks(running)
    return Person(app.user, app.upload_id, running, settled, deleted, told, old, cursors, key)
