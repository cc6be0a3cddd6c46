"""The main job, once, on a stage: as a user of its own, with the photo that ships, each step with its time."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from operations import visit
from operations.client import VeilClient
from operations.errors import OperationError
from operations.progress import Progress
from operations.visit import Ask, Json, Refused

PHOTO = Path(__file__).resolve().parent.parent / "local" / "photos" / "eileen-collins.jpg"
STYLE = "classic"


class Smoke:
    """``grant`` adds credits to a user; ``patience``: seconds for the check, and for the images."""

    def __init__(
        self, client: VeilClient, grant: Callable[[str, int], object], progress: Progress, patience: float
    ) -> None:
        self._client, self._grant, self._progress, self._patience = client, grant, progress, patience

    def run(self, photo: bytes, user: str) -> None:
        """Do all of it; raises `OperationError` at the first thing that is not as it must be."""
        with self._step("the API answers"):
            self._client.get("/health")
        with self._step("it accepts the token"):
            before = self._client.get("/credits")
        upload_id = self._upload(photo)
        with self._step("credits are reserved, predictions started"):
            generation_id, granted = self._start(upload_id, user)
        with self._deleted_at_the_end(generation_id):
            generation = self._images(generation_id)
            with self._step("one is chosen"):
                self._client.ask(visit.select(generation_id, generation["images"][-1]["index"]))
            with self._step("the images are downloaded"):
                for image in generation["images"]:
                    self._download(image)
        with self._step("nothing of it can be reached any more"):
            self._client.ask(Ask("GET", f"/generations/{generation_id}", expected={404}))
            for image in generation["images"]:
                self._client.run(visit.wait_until_gone(image["url"]))
        with self._step("the credits are right"):
            left = before["available"] + granted - generation["credits"]["captured"]
            after = self._client.get("/credits")
            _hold(after == {**before, "available": left}, f"they are {after}, and {left} should be available")

    def _start(self, upload_id: str, user: str) -> tuple[str, int]:
        """The generation's id, and the credits that had to be granted for it."""
        try:
            return str(self._client.generate(upload_id, STYLE)["id"]), 0
        except Refused as refused:
            if refused.answer.status_code != 402:
                raise
            asked = refused.answer.json()
        missing = asked["required"] - asked["available"]
        self._grant(user, missing)
        return str(self._client.generate(upload_id, STYLE)["id"]), missing

    def _upload(self, photo: bytes) -> str:
        with self._step("the user agrees to where the photo goes"):
            self._client.agree()
        with self._step("a photo is uploaded, straight to the bucket"):
            upload_id = self._client.run(visit.upload(photo, "image/jpeg"))
        with self._step("it is checked: one face"):
            visit.ready(self._client.run(visit.wait_for_check(upload_id, self._patience)))
        return upload_id

    def _images(self, generation_id: str) -> Json:
        with self._step("four images are made, fetched and stored"):
            generation = self._client.run(visit.wait_for_images(generation_id, self._patience))
            errors = [image["error"] for image in generation["images"] if image["error"]]
            _hold(generation["status"] == "completed", f"it ended as {generation['status']}: {json.dumps(errors)}")
        return generation

    def _download(self, image: Json) -> None:
        data, content_type = self._client.download(image["url"])
        _hold(content_type.startswith("image/") and len(data) > 1000, f"image {image['index']} is {content_type}")

    @contextmanager
    def _deleted_at_the_end(self, generation_id: str) -> Iterator[None]:
        """Delete the generation, whatever came of it; what failed first is what is told."""
        delete = visit.delete(generation_id)
        try:
            yield
        except BaseException:
            try:
                self._client.ask(delete)
            except (OperationError, httpx.TransportError):
                self._progress.say(f"generation {generation_id} is still there; it ends by itself within the hour")
            raise
        with self._step("all is deleted"):
            self._client.ask(delete)

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        try:
            with self._progress.step(name):
                yield
        except httpx.TransportError as error:
            raise OperationError(f"{name}? No answer: {type(error).__name__} {error}") from error
        except OperationError as error:
            raise OperationError(f"{name}? {error}") from error


def user_of(token: str) -> str:
    """The ``sub`` of an access token, unverified: only the API has to trust it. Raises `OperationError`."""
    try:
        claims = token.split(".")[1]
        return str(json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])
    except (IndexError, ValueError, KeyError, TypeError):
        raise OperationError("the token is no JWT with a sub") from None


def _hold(well: bool, otherwise: str) -> None:
    if not well:
        raise OperationError(otherwise)
