"""The images: being made, chosen among, looked at, and kept in the album."""

from collections.abc import Iterator

from local.web_shots.api import HELD, Reply, tagged
from local.web_shots.bodies import GENERATION_ID, Bodies
from local.web_shots.state import Act, Person, Replies, State
from veil.domain.generation import ImageError

HERE = f"/generations/{GENERATION_ID}"
PRIVATE = {"cache-control": "private, no-cache"}
DONE = ("stored", "stored", "stored", "stored")
SAID = ".after, .dock-making"  # what is said once it is known how the images are
DELETE = "dialog[open] h2"


def _shown(name: str, *images: str | ImageError, path: str = HERE, ready: str = SAID, act: Act | None = None,
           **changed: object) -> State:  # fmt: skip
    """A generation whose images are so."""

    def replies(bodies: Bodies) -> Replies:
        body = bodies.generation(*images, **changed)
        waits = {"retry-after": "2"} if body["status"] == "processing" else {}
        return {"GET /generations/{id}": tagged(body, **PRIVATE, **waits)}

    return State(name, path, ready, replies, act or (lambda _: None))


def _ask_to_delete(person: Person) -> None:
    person.press("이 웨딩 사진 지우기", "Delete these portraits")


def _delete_in_album(person: Person) -> None:
    person.page.locator(".album-card button").first.click()


def _album(bodies: Bodies) -> Replies:
    """One of each: being made, complete, partial, failed."""
    ids = [f"{GENERATION_ID[:-1]}{letter}" for letter in "WXYZ"]
    listed = [
        bodies.generation("stored", "running", "running", "queued", id=ids[0], style="romantic"),
        bodies.generation(*DONE, id=ids[1], selected=2, style="classic"),
        bodies.generation("stored", "stored", ImageError.UNLIKE, "stored", id=ids[2], style="cinematic"),
        bodies.generation(*[ImageError.PROVIDER_FAILED] * 4, id=ids[3], style="vintage"),
    ]
    making = tagged(listed[0], **PRIVATE, **{"retry-after": "2"})
    return {
        "GET /generations": Reply(200, {"items": listed, "next_cursor": "c"}),
        "GET /generations/{id}": making,
    }


def _each_error() -> Iterator[State]:
    for error in ImageError:
        yield _shown(f"making-{error.replace('_', '-')}", "stored", "running", error, "queued")


IMAGES = (
    State("generation-loading", HERE, "main h1", lambda _: {"GET /generations/{id}": HELD}),
    State("generation-signed-out", HERE, "dialog .sign-in-ways button", signed_in=False),
    State(
        "generation-gone",
        HERE,
        ".failed",
        lambda bodies: {"GET /generations/{id}": bodies.refused("generation_not_found")},
        refuses=("404 GET .*/generations/",),
    ),
    _shown("making-queued", "queued", "queued", "queued", "queued"),
    _shown("making", "stored", "running", "running", "queued"),
    _shown("making-slow", "running", "running", "running", "running", created_at="2026-11-23T01:01:00Z"),
    _shown("making-long", "running", "running", "running", "running", created_at="2026-11-23T00:45:00Z"),
    *_each_error(),
    _shown("choose", *DONE),
    _shown("choose-partial", "stored", "stored", ImageError.UNLIKE, "stored"),
    _shown("choose-one", ImageError.UNLIKE, ImageError.CONTENT_FLAGGED, "stored", ImageError.TIMED_OUT),
    _shown("chosen", *DONE, selected=1),
    _shown("failed", *[ImageError.PROVIDER_FAILED] * 4),
    _shown("delete", *DONE, ready=DELETE, act=_ask_to_delete),
    _shown("viewer", *DONE, path=f"{HERE}/1", ready=".viewer-foot"),
    _shown("viewer-chosen", *DONE, path=f"{HERE}/1", ready=".viewer-foot", selected=1),
    _shown("viewer-compare", *DONE, path=f"{HERE}/1?with=2", ready=".compare"),
    State("album", "/album", ".album-card", _album),
    State(
        "album-empty",
        "/album",
        ".album-empty",
        lambda _: {"GET /generations": Reply(200, {"items": [], "next_cursor": None})},
    ),
    State("album-loading", "/album", ".album-cards", lambda _: {"GET /generations": HELD}),
    State("album-delete", "/album", DELETE, _album, _delete_in_album),
    State(
        "album-unavailable",
        "/album",
        ".failed",
        lambda bodies: {"GET /generations": bodies.refused("temporarily_unavailable")},
        refuses=("503 GET .*/generations",),
    ),
)
