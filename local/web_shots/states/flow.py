"""From the photo to "make": the photo and its check, style, role, consent, and the last look."""

import io
from collections.abc import Iterator
from functools import cache

from PIL import Image, ImageFilter
from playwright.sync_api import FilePayload

from local.demo import PHOTO
from local.web_shots.api import HELD, Reply
from local.web_shots.bodies import Bodies, balance, consents
from local.web_shots.state import Act, Person, Replies, State
from veil.domain.uploads import Reason

CHECK = ".check-words h1"
TEXT: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no photo"}
HEIC: FilePayload = {"name": "photo.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic" + bytes(4096)}
OFFERED = ("상관없어요. 모델에게 맡길게요", "Either is fine. Let the model decide")


@cache
def _photo(kind: str) -> FilePayload:
    picture = Image.open(PHOTO)
    made = {
        "dark": lambda: picture.point(lambda value: value // 8),
        "blurry": lambda: picture.filter(ImageFilter.GaussianBlur(14)),
        "tiny": lambda: picture.resize((120, 120)),
    }[kind]()
    file = io.BytesIO()
    made.save(file, "JPEG", quality=90)
    return {"name": f"{kind}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


# Whether the draft outlives its page by now: a page that is opened a moment earlier finds none.
KEPT = """() => new Promise((done) => {
  const opened = indexedDB.open("keyval-store");
  opened.onsuccess = () => {
    const found = opened.result.transaction("keyval").objectStore("keyval").get("veil.draft");
    found.onsuccess = () => (opened.result.close(), done(Boolean(found.result?.photo)));
  };
})"""


def _choose(person: Person) -> None:
    person.choose_file(PHOTO)
    person.find("link", "다음", "Next").wait_for()


def _choose_other(kind: str | FilePayload) -> Act:
    return lambda person: person.choose_file(_photo(kind) if isinstance(kind, str) else kind)


def _to_check(person: Person) -> None:
    _choose(person)
    person.page.wait_for_function(KEPT)
    person.page.goto(person.page.url + "/check")


def _next(person: Person) -> None:
    _choose(person)
    person.follow("다음", "Next")


def _to_style(person: Person) -> None:
    _next(person)
    person.see(".style-card")


def _to_role(person: Person) -> None:
    _to_style(person)
    person.page.locator(".style-card").first.click()
    person.see(".role-card")


def _to_confirm(person: Person) -> None:
    _to_role(person)
    person.page.locator(".role-card").first.click()
    person.see(".confirm-price")


def _make(person: Person) -> None:
    _to_confirm(person)
    person.press("만들기", "Make my portraits")


def _refused(code: str, status: int, ready: str = ".failed", **members: int) -> State:
    def replies(bodies: Bodies) -> Replies:
        return {"POST /generations": bodies.refused(code, **members)}

    said = (f"{status} POST .*/generations$",)
    return State(f"confirm-refused-{code.replace('_', '-')}", "/photo", ready, replies, _make, refuses=said)


def _rejected(reason: Reason) -> State:
    return State(
        f"photo-rejected-{reason.replace('_', '-')}",
        "/photo",
        f"[role=alert] {CHECK}",
        lambda bodies: {"GET /uploads/{id}": Reply(200, bodies.upload(reason=reason))},
        _to_check,
    )


def _checks() -> Iterator[State]:
    """The photo on its way."""
    yield State("photo-check-signed-out", "/photo", CHECK, act=_to_check, signed_in=False)
    yield State("photo-sending", "/photo", ".check-words progress", lambda _: {"PUT /photos/{id}": HELD}, _to_check)
    yield State(
        "photo-checking",
        "/photo",
        ".check-picture .shimmer",
        lambda bodies: {"GET /uploads/{id}": Reply(200, bodies.upload("checking"), {"retry-after": "1"})},
        _to_check,
    )
    yield State("photo-ready", "/photo", ".dock a[href='/style']", act=_to_check)
    yield State(
        "photo-consent-needed",
        "/photo",
        ".dock a[href^='/consent']",
        lambda bodies: {
            "POST /uploads": bodies.refused("consent_required", kind="third_party_ai", version="2026-11-26")
        },
        _to_check,
        refuses=("403 POST .*/uploads",),
    )
    yield State(
        "photo-too-many",
        "/photo",
        ".failed",
        lambda bodies: {"POST /uploads": bodies.refused("rate_limited", retry_after=240)},
        _to_check,
        refuses=("429 POST .*/uploads",),
    )
    yield from map(_rejected, Reason)


NOTHING_YET = lambda _: {"GET /consents": Reply(200, consents(granted=()))}  # noqa: E731 - a row of a table

FLOW = (
    State("photo", "/photo", ".examples", signed_in=False),
    State("photo-chosen", "/photo", "main img", act=_choose, signed_in=False),
    State("photo-dark", "/photo", "main img", act=_choose_other("dark"), signed_in=False),
    State("photo-blurry", "/photo", "main img", act=_choose_other("blurry"), signed_in=False),
    State("photo-without-preview", "/photo", ".dock a", act=_choose_other(HEIC), signed_in=False),
    State("photo-no-photo", "/photo", ".photo-fault", act=_choose_other(TEXT), signed_in=False),
    State("photo-too-small", "/photo", ".photo-fault", act=_choose_other("tiny"), signed_in=False),
    *_checks(),
    State("style", "/photo", ".style-card", act=_to_style, signed_in=False),
    State(
        "style-loading",
        "/photo",
        ".styles .shimmer",
        lambda _: {"GET /styles": HELD},
        _next,
        signed_in=False,
    ),
    State("role", "/photo", ".role-card", act=_to_role, signed_in=False),
    State("consent", "/consent?next=/photo/check", ".consent", NOTHING_YET),
    State("consent-given", "/consent?next=/photo/check", ".consent"),
    State("confirm-signed-out", "/photo", ".confirm-price", act=_to_confirm, signed_in=False),
    State("confirm", "/photo", ".confirm-price", act=_to_confirm),
    State("confirm-sign-in", "/photo", "dialog .sign-in-ways button", act=_make, signed_in=False),
    State(
        "confirm-too-few-credits",
        "/photo",
        ".confirm-price",
        lambda _: {"GET /credits": Reply(200, balance(1))},
        _to_confirm,
    ),
    State("confirm-starting", "/photo", ".upload-note.shimmer", lambda _: {"POST /generations": HELD}, _make),
    _refused("insufficient_credits", 402, "a[href^='/buy']", required=4, available=1),
    _refused("rate_limited", 429),
    _refused("provider_unavailable", 503),
)
