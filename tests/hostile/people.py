"""Users of the API, and what they do with a client of it."""

from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from uuid import uuid4

import httpx

from local.photos.make import encode, noise
from local.simulated.environment import SIGNING_SECRET
from local.simulated.functions import Answer, Context, http_event
from operations import visit
from operations.visit import Ask
from tests.support.callbacks import Callbacks
from tests.support.consents import AGREED
from tests.support.driver import answer
from tests.support.wire import Reply, Wire

JPEG = encode(noise(), "JPEG")


@dataclass
class Client:
    """One user's client, with an account of ``credits`` and a photo that was checked."""

    name: str
    functions: dict[str, ModuleType]
    control: httpx.Client
    credits: int = 40
    user: str = field(init=False)
    upload_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.user = f"{self.name}|{uuid4().hex}"
        self.functions["generations"].bootstrap.accounts.open_account(self.user, self.credits, 0)
        assert self.ask("gallery", AGREED).status == 200
        self.upload_id = self.upload()

    def call(self, function: str, method: str, path: str, body: object = None, **given: Any) -> Answer:
        sent = http_event(method, path, body, user=self.user, **given)
        return answer(self.functions[function].handler(sent, Context()))

    def ask(self, function: str, ask: Ask) -> Answer:
        return self.call(function, ask.method, ask.url, ask.json, headers=dict(ask.headers))

    def upload(self) -> str:
        upload_id: str = self.ask("uploads", visit.ask_upload(JPEG, "image/jpeg")).json["upload_id"]
        uploads = self.functions["uploads"].bootstrap.uploads
        upload = uploads.get(self.user, upload_id)
        assert uploads.begin_check(upload)
        uploads.ready(upload, 768, 1024)
        return upload_id

    def generate(self, key: str | None = None) -> str:
        generation_id: str = self.ask("generations", visit.generate(self.upload_id, "classic", key)).json["id"]
        return generation_id

    def callbacks(self, generation_id: str) -> Callbacks:
        return Callbacks(self.functions["webhook"], self.control, SIGNING_SECRET, generation_id)

    def settle(self, callbacks: Callbacks, outputs: Wire) -> None:
        """Two images stored, two refunded."""
        outputs.answer(Reply(200, JPEG))
        for index in (0, 2):
            assert callbacks.tell(index, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
        for index in (1, 3):
            assert callbacks.tell(index, "failed", error="NSFW").status == 204


@dataclass
class Person:
    """A user with one of everything. The generation ``running`` has four open images and was made with ``key``,
    ``settled`` has two stored images and two refunded ones, ``deleted`` is gone.
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
    order_id: str


def person(name: str, functions: dict[str, ModuleType], control: httpx.Client, outputs: Wire) -> Person:
    client, key = Client(name, functions, control), f"{name}'s first tap"
    running, settled, deleted = client.generate(key), client.generate(), client.generate()
    old = client.callbacks(deleted)
    for callbacks in (client.callbacks(settled), old):
        client.settle(callbacks, outputs)
    assert client.ask("gallery", visit.delete(deleted)).status == 204
    cursors = {
        path: client.call("gallery", "GET", path, query={"limit": "1"}).json["next_cursor"]
        for path in ("/generations", "/credits/entries")
    }
    callbacks = client.callbacks(running)
    order_id = client.call("payments", "POST", "/orders", {"product": "pack_small"}).json["id"]
    return Person(client.user, client.upload_id, running, settled, deleted, callbacks, old, cursors, key, order_id)
