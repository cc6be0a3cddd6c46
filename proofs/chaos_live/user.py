"""One user's visit: photos, generations of one of them, a choice; and the user's own books about all of it."""

import asyncio
from dataclasses import dataclass, field
from random import Random

from local.processes import LocalError
from operations.errors import OperationError
from operations.visit import CREDITS, Json, agree, delete, generate, select, upload, wait_for_check, wait_for_images
from proofs.chaos_live.client import LiveClient
from proofs.photos import Photo
from veil.domain.styles import STYLES

UPLOAD_SECONDS = 900  # a check that fails comes again after 15 s, doubling: seven tries
GENERATION_SECONDS = 600


@dataclass
class Books:
    """What a user knows to be true, by id."""

    user: str
    uploads: dict[str, str | None] = field(default_factory=dict)  # the reason to reject it, None for a good photo
    generations: dict[str, str] = field(default_factory=dict)  # the idempotency key of each
    deleted: dict[str, Json] = field(default_factory=dict)  # each as it was last seen
    troubles: list[str] = field(default_factory=list)


class LiveUser:
    """One user at work; ``random`` decides what the user does. The first of the ``photos`` is good, the others bad."""

    def __init__(self, client: LiveClient, random: Random, photos: list[Photo]) -> None:
        self._client, self._random, self._photos = client, random, photos
        self.books = Books(client.user)

    async def visit(self) -> None:
        """Do all of it; whatever goes wrong is in the books' troubles."""
        good, *bad = self._photos
        try:
            await self._client.ask(CREDITS)
            await self._client.run(agree())
            if self._random.random() < 0.3:
                await self._upload(self._random.choice(bad))
            upload_id = await self._upload(good)
            first = self._wait_and_choose(await self._generate(upload_id))
            if self._random.random() < 0.5:  # without waiting for the first
                await asyncio.gather(first, self._generate_another(upload_id))
            else:
                await first
        except OperationError as error:
            self.books.troubles.append(f"{self.books.user}: {error}")

    async def _upload(self, photo: Photo) -> str:
        upload_id = await self._client.run(upload(photo.data, photo.content_type))
        self.books.uploads[upload_id] = photo.reason
        await self._client.run(wait_for_check(upload_id, UPLOAD_SECONDS))
        return upload_id

    async def _generate(self, upload_id: str) -> str:
        """Ask for images; sometimes a finger taps twice."""
        key = f"key-{self._random.getrandbits(64):016x}"
        ask = generate(upload_id, self._random.choice(list(STYLES)), key)
        taps = 2 if self._random.random() < 0.3 else 1
        answers = await asyncio.gather(*(self._client.ask(ask) for _ in range(taps)))
        generation_id, *others = {str(answer.json()["id"]) for answer in answers}
        if others:
            raise LocalError(f"one key, several generations: {generation_id}, {others}")
        self.books.generations[generation_id] = key
        return generation_id

    async def _generate_another(self, upload_id: str) -> None:
        await self._wait_and_choose(await self._generate(upload_id))

    async def _wait_and_choose(self, generation_id: str) -> None:
        """Wait for the images and choose one; sometimes delete them all."""
        generation = await self._client.run(wait_for_images(generation_id, GENERATION_SECONDS))
        stored = [image for image in generation["images"] if image["status"] == "stored"]
        if stored and self._random.random() < 0.7:
            await self._client.ask(select(generation_id, self._random.choice(stored)["index"]))
        if self._random.random() < 0.2:
            self.books.deleted[generation_id] = generation
            await self._client.ask(delete(generation_id))
