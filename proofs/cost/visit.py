"""A whole visit as the app makes one: photo, check, portraits, the four of them looked at, one chosen."""

from collections.abc import Callable
from io import BytesIO
from threading import Event
from typing import Any

from PIL import Image

from local.client import Json, VeilClient
from local.demo import PHOTO
from local.processes import LocalError

PHONE_PHOTO = (3024, 4032)  # pixels: 12 megapixels, what a phone takes
UPLOAD_POLL_SECONDS, GENERATION_POLL_SECONDS = 1.0, 2.0  # the latter is what Retry-After says
PATIENCE = 120  # polls


def phone_photo() -> bytes:
    """The photo that ships, as large as a phone takes one; a JPEG."""
    file = BytesIO()
    with Image.open(PHOTO) as portrait:
        portrait.convert("RGB").resize(PHONE_PHOTO, Image.Resampling.LANCZOS).save(file, "JPEG", quality=90)
    return file.getvalue()


def visit(client: VeilClient, photo: bytes, style: str = "classic") -> list[int]:
    """Do it all; answer the portraits' sizes in bytes. Raises `LocalError` when anything is not as it should be."""
    client.get("/styles")
    client.get("/credits")
    upload = client.ask_upload(photo, "image/jpeg")
    client.put_photo(upload, photo)
    checked = _polled(lambda: client.get(f"/uploads/{upload['upload_id']}"), {"ready", "rejected"}, UPLOAD_POLL_SECONDS)
    if checked["status"] != "ready":
        raise LocalError(f"the photo was {checked['status']}: {checked['reason']}")
    generation = client.generate(upload["upload_id"], style, key=f"visit-{client.sub}")
    done = _until_ended(client, f"/generations/{generation['id']}")
    if done["status"] != "completed":
        raise LocalError(f"a generation ended as {done['status']}: {done['images']}")
    sizes = [len(client.download(image["url"])[0]) for image in done["images"]]
    client.api.put(f"/generations/{generation['id']}/selection", json={"image": 2}).raise_for_status()
    client.get("/generations")
    client.get("/credits")
    return sizes


def _until_ended(client: VeilClient, path: str) -> Json:
    """Ask as Retry-After says, naming what is known already."""
    known: dict[str, Any] = {}

    def ask() -> Json:
        answer = client.api.get(path, headers={"if-none-match": known["etag"]} if "etag" in known else {})
        if answer.status_code != 304:
            known.update(answer.raise_for_status().json(), etag=answer.headers["etag"])
        return known

    return _polled(ask, {"completed", "partial", "failed"}, GENERATION_POLL_SECONDS)


def _polled(ask: Callable[[], Json], until: set[str], every: float) -> Json:
    pause = Event()
    for _ in range(PATIENCE):
        pause.wait(every)
        if (seen := ask())["status"] in until:
            return seen
    raise LocalError(f"still {seen['status']} after {PATIENCE} polls")
