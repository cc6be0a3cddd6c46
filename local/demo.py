"""The main job, once, on the real stack: one photo in, four private portraits out."""

import json
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from local.cloud.options import Options
from local.cloud.running import STATE, RunningCloud
from local.cloud.up import cloud
from local.photo_file import read_photo, terminal_language
from local.processes import LocalError
from operations.client import VeilClient
from operations.errors import OperationError
from operations.progress import Progress
from operations.visit import Json, ready, upload
from veil.domain.image_models import CATALOGUE, COMFY

PHOTO = Path(__file__).with_name("photos") / "eileen-collins.jpg"
DEMO_STATE = STATE / "demo"
USER = "demo"
STYLE = "classic"
# Whom the predictions show, in turn: one of the first four a stranger, and so does the one that is tried in its place.
STRANGERS = ["stranger", None, None, None, "stranger"]


def demo(
    photo: Path, role: str | None, out: Path, options: Options, progress: Progress, *, stranger: bool = False
) -> None:
    """Boot the local cloud, make four portraits of ``photo``, save them in ``out``, show the ledger, stop.

    ``stranger``: one image shows somebody else, whenever it is made; it must be refunded, and the other three stored.
    """
    language = terminal_language()
    content_type, data = read_photo(photo, language)
    with (
        cloud(options, progress) as running,
        _logs_named(options.state / "logs"),
        VeilClient.signed_in(running.api_url, running.token_url, USER) as client,
    ):
        client.api.headers["accept-language"] = language
        upload_id = _upload(client, data, content_type, progress)
        if stranger:
            show_a_stranger(running.providers_url)
        generation = _generate(client, upload_id, role, options.chain[0], progress)
        with progress.step("download the portraits"):
            saved = _download(client, generation, out)
        _show(client, generation, saved, progress)
        progress.say(would_have_cost(_cost(running, generation["id"]), options.chain[0]))
        progress.say("")
    ended, expected = generation["status"], "partial" if stranger else "completed"
    if ended != expected:
        images = [image["error"] or image["status"] for image in generation["images"]]  # their URLs are not for a log
        raise LocalError(f"the generation ended as {ended}, not {expected}: {json.dumps(images, ensure_ascii=False)}")


def show_a_stranger(providers_url: str) -> None:
    """Let who makes the images show somebody else in one image of the next generation."""
    rule = {"replicate": {"outcome": STRANGERS}, "comfyui": {"outcome": STRANGERS}}
    httpx.post(f"{providers_url}/_control", json=rule, trust_env=False).raise_for_status()


def _upload(client: VeilClient, data: bytes, content_type: str, progress: Progress) -> str:
    with progress.step("agree to where the photo goes, and to a comparison of faces"):
        client.agree("face_comparison")
    with progress.step("upload the photo, straight to the bucket"):
        upload_id = client.run(upload(data, content_type))
    with progress.step("check the photo: one face, upright, no metadata"):
        checked = client.wait_for_upload(upload_id)
    ready(checked)
    return upload_id


def _generate(client: VeilClient, upload_id: str, role: str | None, model: str, progress: Progress) -> Json:
    with progress.step("reserve four credits, start four predictions"):
        generation = client.generate(upload_id, STYLE, role=role)
    told = "asked every few seconds" if CATALOGUE[model].provider == COMFY else "webhooks"
    with progress.step(f"{told}: fetch, store and settle four portraits"):
        return client.wait_for_generation(generation["id"])


def _download(client: VeilClient, generation: Json, out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("portrait-*"):  # of a demo before, which one that is refunded now would seem to have saved
        old.unlink()
    saved = []
    for image in generation["images"]:
        if image["status"] == "stored":
            data, content_type = client.download(image["url"])
            file = out / f"portrait-{image['index'] + 1}{mimetypes.guess_extension(content_type) or ''}"
            file.write_bytes(data)
            saved.append(file)
    return saved


def _show(client: VeilClient, generation: Json, saved: list[Path], progress: Progress) -> None:
    credits_, entries = client.get("/credits"), client.get("/credits/entries")["items"]
    progress.say("")
    stored = [image for image in generation["images"] if image["status"] == "stored"]
    for file, image in zip(saved, stored, strict=True):
        progress.say(f"  {file}  {file.stat().st_size // 1024} kB, {likeness(image['likeness'])}")
    for image in generation["images"]:
        if image["status"] == "refunded":
            progress.say(f"  image {image['index'] + 1}, refunded: {image['error']['detail']}")
    progress.say("")
    progress.say("Ledger, newest first")
    for entry in entries:
        progress.say(f"  {entry['created_at']}  {entry['kind']:<8} {entry['amount']:+4d}  {entry['reference']}")
    progress.say(
        f"  available {credits_['available']}, held {credits_['held']}, captured {generation['credits']['captured']}"
    )


def likeness(found: Json | None) -> str:
    """An image's ``likeness``, in words."""
    if found is None or found["status"] != "verified":
        return "not compared with the photo"
    return f"{found['score']} of 100 like the photo"


def would_have_cost(cost: str | None, model: str) -> str:
    """Who made the portraits, and who makes them on a stage; ``cost`` in USD, None where it is unknown."""
    price = "an unknown amount" if cost is None else f"USD {cost}"
    billed = f"{model} would have cost {price}, by the list prices."
    if CATALOGUE[model].provider == COMFY:
        others = "" if cost == "0" else f", and what went to other models would have cost {price}"
        billed = f"{model} costs what its machine costs by the hour{others}."
    return f"The portraits come from a stand-in on this machine, and cost nothing.\n{billed}"


def _cost(running: RunningCloud, generation_id: str) -> str | None:
    """What its predictions would cost us, in USD; the API does not show it, so this reads the table."""
    table = running.client("dynamodb")
    key = {"pk": {"S": f"USER#{USER}"}, "sk": {"S": f"GENERATION#{generation_id}"}}
    item = table.get_item(TableName=running.table, Key=key, ConsistentRead=True).get("Item", {})
    cost: str | None = item.get("cost", {}).get("N")
    return cost


@contextmanager
def _logs_named(folder: Path) -> Iterator[None]:
    """Add the folder of the logs to any error of the block."""
    try:
        yield
    except (OperationError, httpx.TransportError) as error:
        raise LocalError(f"{error}\n  logs: {folder}") from error
