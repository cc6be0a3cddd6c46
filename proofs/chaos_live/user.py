"""One user's visit: a photo, portraits of it, a choice among them; and the user's own books about all of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any

from local.processes import LocalError
from proofs.chaos_live.app import App
from proofs.chaos_live.photos import Album, Photo

type Json = dict[str, Any]

STYLES = ("classic", "modern", "vintage", "romantic", "cinematic")
POLL_SECONDS = 2.0
UPLOAD_SECONDS = 900  # a check that fails comes again after 15 s, doubling: seven tries
GENERATION_SECONDS = 600


@dataclass
class Books:
    """What a user knows to be true; ids by what became of them."""

    user: str
    uploads: dict[str, str | None] = field(default_factory=dict)  # the reason that it has to be rejected with, or None
    generations: dict[str, str] = field(default_factory=dict)  # the idempotency key of each
    deleted: dict[str, Json] = field(default_factory=dict)  # each as it was last seen
    troubles: list[str] = field(default_factory=list)


class Visitor:
    """One user at work; ``random`` decides what the user does."""

    def __init__(self, app: App, random: Random, album: Album) -> None:
        self._app, self._random, self._album = app, random, album
        self.books = Books(app.user)

    async def visit(self) -> None:
        """Do all of it; what should not have been is in the books' troubles."""
        try:
            await self._app.ask("GET /credits")
            if self._random.random() < 0.3:
                await self._upload(self._album.choose_bad(self._random))
            upload_id = await self._upload(self._album.good)
            first = await self._generate(upload_id)
            if self._random.random() < 0.5:  # without waiting for the first
                await asyncio.gather(self._enjoy(first), self._again(upload_id))
            else:
                await self._enjoy(first)
        except LocalError as error:
            self._note(str(error))

    async def _again(self, upload_id: str) -> None:
        await self._enjoy(await self._generate(upload_id))

    async def _upload(self, photo: Photo) -> str:
        wish = {"content_type": photo.content_type, "size": len(photo.data)}
        upload = (await self._expect(201, "POST /uploads", json=wish)).json()
        await self._app.put(upload, photo.data)
        upload_id = str(upload["upload_id"])
        self.books.uploads[upload_id] = photo.reason
        await self._settled("GET /uploads/*", f"/uploads/{upload_id}", {"ready", "rejected"}, UPLOAD_SECONDS)
        return upload_id

    async def _generate(self, upload_id: str) -> str:
        """Ask for portraits; sometimes a finger taps twice."""
        key = f"key-{self._random.getrandbits(64):016x}"
        wish = {"upload_id": upload_id, "style": self._random.choice(STYLES)}
        taps = 2 if self._random.random() < 0.3 else 1
        ask = [self._app.ask("POST /generations", json=wish, headers={"idempotency-key": key}) for _ in range(taps)]
        answers = await asyncio.gather(*ask)
        ids = {answer.json().get("id") for answer in answers}
        if len(ids) > 1 or not all(answer.status_code in {200, 202} for answer in answers):
            shown = [f"{answer.status_code} {answer.text[:200]}" for answer in answers]
            raise LocalError(f"one key, not one generation: {shown}")
        generation_id = str(ids.pop())
        self.books.generations[generation_id] = key
        return generation_id

    async def _enjoy(self, generation_id: str) -> None:
        """Wait for the portraits, look at each, choose one; sometimes throw all away."""
        path = f"/generations/{generation_id}"
        ended = {"completed", "partial", "failed"}
        generation = await self._settled("GET /generations/*", path, ended, GENERATION_SECONDS)
        stored = [image for image in generation["images"] if image["status"] == "stored"]
        if stored and self._random.random() < 0.7:
            choice = {"image": self._random.choice(stored)["index"]}
            await self._expect(200, "PUT /generations/*/selection", f"{path}/selection", json=choice)
        if self._random.random() < 0.2:
            self.books.deleted[generation_id] = generation
            await self._delete(path)

    async def _delete(self, path: str) -> None:
        answer = await self._app.ask("DELETE /generations/*", path)
        if answer.status_code not in {204, 404}:  # 404: the answer to the first try was lost
            self._note(f"DELETE {path} answered {answer.status_code}")

    async def _settled(self, route: str, path: str, until: set[str], seconds: float) -> Json:
        seen: Json = {}

        async def look() -> bool:
            seen.update((await self._expect(200, route, path)).json())
            return seen["status"] in until

        if not await _poll(look, seconds):
            raise LocalError(f"{path} was still {seen['status']} after {seconds:.0f} s")
        return seen

    async def _expect(self, status: int, route: str, path: str = "", **request: Any) -> Any:
        answer = await self._app.ask(route, path, **request)
        if answer.status_code != status:
            raise LocalError(f"{route} answered {answer.status_code}, not {status}: {answer.text[:300]}")
        return answer

    def _note(self, trouble: str) -> None:
        self.books.troubles.append(f"{self.books.user}: {trouble}")


async def _poll(look: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    end = monotonic() + seconds
    while not (reached := await look()) and monotonic() < end:
        await asyncio.sleep(POLL_SECONDS)
    return reached
