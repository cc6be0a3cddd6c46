"""At the end, without faults: what the API shows each user, compared with the user's own books."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from operations.errors import OperationError
from operations.visit import ANY, CREDITS, Ask, Json, generate
from proofs.chaos_live.client import LiveClient
from proofs.chaos_live.report import LiveReport
from proofs.chaos_live.user import Books


@dataclass(frozen=True)
class View:
    """What the API shows one user. ``downloads``: the status that the URL of an image answers, by its place."""

    credits: Json
    entries: list[Json]
    generations: dict[str, Json]
    uploads: dict[str, Json]
    downloads: dict[str, int]
    replays: dict[str, str]  # the generation that each known key answers now


async def review(client: LiveClient, books: Books, welcome: int, report: LiveReport) -> None:
    """Ask the API for all that is this user's; what contradicts the books is a violation in ``report``."""
    try:
        view = await look(client, books)
    except OperationError as error:
        report.violations.append(f"{books.user}: {error}")
        return
    report.counts["uploads"].update(upload["status"] for upload in view.uploads.values())
    generations = [*view.generations.values(), *books.deleted.values()]
    report.counts["generations"].update(generation["status"] for generation in generations)
    images = [image for generation in generations for image in generation["images"]]
    report.counts["images"].update(image["error"]["code"] if image["error"] else image["status"] for image in images)
    report.violations += [*books.troubles, *(f"{books.user}: {each}" for each in contradictions(books, view, welcome))]


async def look(client: LiveClient, books: Books) -> View:
    """The user's view of everything, every image downloaded, every idempotency key sent once more."""
    generations = {each["id"]: each for each in await _pages(client, "/generations")}
    urls = {place: image["url"] for place, image in _images(generations.values()) if image["url"]}
    keys = [(generations[each], key) for each, key in books.generations.items() if each in generations]
    again = [(each["id"], generate(each["upload_id"], each["style"], key, each["role"])) for each, key in keys]
    uploads = {each: Ask("GET", f"/uploads/{each}") for each in books.uploads}
    return View(
        credits=(await client.ask(CREDITS)).json(),
        entries=await _pages(client, "/credits/entries"),
        generations=generations,
        uploads={each: (await _any(client, ask)).json() for each, ask in uploads.items()},
        downloads={place: (await _any(client, Ask("GET", url))).status_code for place, url in urls.items()},
        replays={each: str((await _any(client, ask)).json().get("id")) for each, ask in again},
    )


async def _any(client: LiveClient, ask: Ask) -> Any:
    """The answer, whatever its status is: the review says what is wrong with it."""
    return await client.ask(replace(ask, expected=ANY))


async def _pages(client: LiveClient, path: str) -> list[Json]:
    """Every item of a list."""
    items: list[Json] = []
    cursor = ""
    while True:
        page = (await client.ask(Ask("GET", f"{path}?limit=50{cursor}"))).json()
        items += page["items"]
        if not page["next_cursor"]:
            return items
        cursor = f"&cursor={page['next_cursor']}"


def _images(generations: Any) -> Iterator[tuple[str, Json]]:
    """Every image with its place, such as ``01J…/0``."""
    return ((f"{each['id']}/{image['index']}", image) for each in generations for image in each["images"])


def contradictions(books: Books, view: View, welcome: int) -> list[str]:
    """All contradictions, in words; none when nobody paid for a missing photo or got one unpaid."""
    return [
        *_of_uploads(books, view),
        *_of_generations(books, view),
        *_of_images(view),
        *_of_credits(books, view, welcome),
    ]


def _of_uploads(books: Books, view: View) -> Iterator[str]:
    for upload_id, reason in books.uploads.items():
        status, shown = view.uploads[upload_id].get("status"), view.uploads[upload_id].get("reason")
        code = shown["code"] if shown else None
        expected = "rejected" if reason else "ready"
        if (status, code) != (expected, reason):
            yield f"upload {upload_id} is {status} ({code}), not {expected} ({reason})"


def _of_generations(books: Books, view: View) -> Iterator[str]:
    known, listed = set(books.generations) - set(books.deleted), set(view.generations)
    yield from (f"generation {each} was answered and is gone" for each in sorted(known - listed))
    yield from (f"generation {each} is there, and no answer named it" for each in sorted(listed - known))
    for generation_id, replayed in view.replays.items():
        if replayed != generation_id:
            yield f"the key of generation {generation_id} answers {replayed} now"


def _of_images(view: View) -> Iterator[str]:
    for place, image in _images(view.generations.values()):
        status, download_status = image["status"], view.downloads.get(place)
        if status not in ("stored", "refunded"):
            yield f"image {place} is still {status}"
        if status == "stored" and download_status != 200:
            yield f"image {place} was paid and answers {download_status}"
        if status != "stored" and download_status is not None:
            yield f"image {place} is {status}, and has a URL"


def _of_credits(books: Books, view: View, welcome: int) -> Iterator[str]:
    generations = view.generations | books.deleted
    statuses = Counter((each["id"], image["status"]) for each in generations.values() for image in each["images"])
    expected = Counter({("refund", each, 1): statuses[each, "refunded"] for each in generations})
    expected.update(("reserve", each["id"], -len(each["images"])) for each in generations.values())
    entries = Counter((each["kind"], each["reference"], each["amount"]) for each in view.entries)
    grants = [each["amount"] for each in view.entries if each["kind"] == "grant"]
    if grants != [welcome]:
        yield f"the welcome was granted as {grants}, not once as {welcome}"
    for entry in sorted(entries.keys() | expected.keys()):
        if entry[0] != "grant" and entries[entry] != expected[entry]:
            yield f"the ledger has {entries[entry]} × {entry}, not {expected[entry]}"
    captured = sum(count for (_, status), count in statuses.items() if status == "stored")
    total = sum(each["amount"] for each in view.entries)
    if not view.credits["available"] == total == welcome - captured or view.credits["held"]:
        yield f"credits are {view.credits}, entries add up to {total}, {captured} of {welcome} were captured"
