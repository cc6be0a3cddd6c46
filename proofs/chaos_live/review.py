"""In the end, without faults: what the API shows each user, held against the user's own books."""

from dataclasses import dataclass
from typing import Any

from local.processes import LocalError
from proofs.chaos_live.app import App
from proofs.chaos_live.score import Score
from proofs.chaos_live.user import Books

type Json = dict[str, Any]

SETTLED = frozenset({"stored", "refunded"})


@dataclass(frozen=True)
class View:
    """What the API shows one user; ``downloads``: the status of each stored portrait's URL, by its place."""

    credits: Json
    entries: list[Json]
    generations: dict[str, Json]
    uploads: dict[str, Json]
    downloads: dict[str, int]
    replays: dict[str, str]  # the generation that each known key answers now


async def review(app: App, books: Books, welcome: int, score: Score) -> None:
    """Ask the API for all that is this user's; what does not fit the books is a violation in ``score``."""
    try:
        view = await look(app, books)
    except LocalError as error:
        score.violations.append(f"{books.user}: {error}")
        return
    score.uploads.update(upload["status"] for upload in view.uploads.values())
    generations = [*view.generations.values(), *books.deleted.values()]
    score.generations.update(generation["status"] for generation in generations)
    images = [image for generation in generations for image in generation["images"]]
    score.images.update(image["error"]["code"] if image["error"] else image["status"] for image in images)
    score.violations += [*books.troubles, *(f"{books.user}: {each}" for each in contradictions(books, view, welcome))]


async def look(app: App, books: Books) -> View:
    """The user's view of everything, every portrait downloaded, every idempotency key sent once more."""
    generations = {each["id"]: each for each in await _all(app, "GET /generations")}
    downloads = {}
    for generation in generations.values():
        for image in generation["images"]:
            if image["url"]:
                place = f"{generation['id']}/{image['index']}"
                downloads[place] = (await app.download(image["url"])).status_code
    replays = {}
    for generation_id, key in books.generations.items():
        if generation_id in generations:
            shown = generations[generation_id]
            wish = {"upload_id": shown["upload_id"], "style": shown["style"]}
            answer = await app.ask("POST /generations", json=wish, headers={"idempotency-key": key})
            replays[generation_id] = str(answer.json().get("id"))
    return View(
        credits=(await app.ask("GET /credits")).json(),
        entries=await _all(app, "GET /credits/entries"),
        generations=generations,
        uploads={each: (await app.ask("GET /uploads/*", f"/uploads/{each}")).json() for each in books.uploads},
        downloads=downloads,
        replays=replays,
    )


async def _all(app: App, route: str) -> list[Json]:
    """Every page of a list."""
    items: list[Json] = []
    cursor = None
    while True:
        params = {"limit": "50"} | ({"cursor": cursor} if cursor else {})
        page = (await app.ask(route, params=params)).json()
        items += page["items"]
        if not (cursor := page["next_cursor"]):
            return items


def contradictions(books: Books, view: View, welcome: int) -> list[str]:
    """All that does not fit, in words; empty when nobody paid for a photo that is missing, nor got one unpaid."""
    return [
        *_of_uploads(books, view),
        *_of_generations(books, view),
        *_of_portraits(view),
        *_of_credits(books, view, welcome),
    ]


def _of_uploads(books: Books, view: View) -> list[str]:
    found = []
    for upload_id, reason in books.uploads.items():
        upload = view.uploads[upload_id]
        got = upload["reason"]["code"] if upload.get("reason") else None
        expected = "rejected" if reason else "ready"
        if (upload.get("status"), got) != (expected, reason):
            found.append(f"upload {upload_id} is {upload.get('status')} ({got}), not {expected} ({reason})")
    return found


def _of_generations(books: Books, view: View) -> list[str]:
    known, listed = set(books.generations) - set(books.deleted), set(view.generations)
    return [
        *(f"generation {each} was answered and is gone" for each in sorted(known - listed)),
        *(f"generation {each} is there, and nobody was told of it" for each in sorted(listed - known)),
        *(
            f"the key of generation {generation_id} answers {replayed} now"
            for generation_id, replayed in view.replays.items()
            if replayed != generation_id
        ),
    ]


def _of_portraits(view: View) -> list[str]:
    found = []
    for generation in view.generations.values():
        for image in generation["images"]:
            place = f"{generation['id']}/{image['index']}"
            if image["status"] not in SETTLED:
                found.append(f"image {place} is still {image['status']}")
            if image["status"] == "stored" and view.downloads.get(place) != 200:
                found.append(f"image {place} was paid and answers {view.downloads.get(place)}")
            if image["status"] != "stored" and place in view.downloads:
                found.append(f"image {place} is {image['status']}, and has a URL")
    return found


def _of_credits(books: Books, view: View, welcome: int) -> list[str]:
    generations = view.generations | books.deleted
    amounts: dict[tuple[str, str], list[int]] = {}
    for entry in view.entries:
        amounts.setdefault((entry["kind"], entry["reference"]), []).append(entry["amount"])
    expected: dict[tuple[str, str], list[int]] = {}
    captured = 0
    for generation_id, generation in generations.items():
        stored = sum(image["status"] == "stored" for image in generation["images"])
        refunded = sum(image["status"] == "refunded" for image in generation["images"])
        captured += stored
        expected["reserve", generation_id] = [-len(generation["images"])]
        if refunded:
            expected["refund", generation_id] = [1] * refunded
    grants = [amounts.pop(key) for key in list(amounts) if key[0] == "grant"]
    found = [
        f"the ledger has {amounts.get(key, [])} as {key[0]} of {key[1]}, not {expected.get(key, [])}"
        for key in sorted(amounts.keys() | expected.keys())
        if sorted(amounts.get(key, [])) != sorted(expected.get(key, []))
    ]
    if grants != [[welcome]]:
        found.append(f"the welcome was granted as {grants}, not once as {welcome}")
    total = sum(entry["amount"] for entry in view.entries)
    if not view.credits["available"] == total == welcome - captured or view.credits["held"]:
        found.append(f"credits are {view.credits}, entries add up to {total}, {captured} of {welcome} were captured")
    return found
