"""A visit to Veil's API without any I/O: which requests a client sends, in which order, and how it waits.

A script is a generator. It yields an `Ask` and is sent the answer, which has ``status_code``, ``headers``, ``text`` and
``json()``; or it yields seconds to wait and is sent those that were waited. `drive` runs a script for a client that
blocks, `drive_async` for one that awaits. How a request is sent, repeated or counted is the client's own affair.
"""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Container, Generator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from operations.errors import OperationError

SUCCESS, ANY = range(200, 300), range(100, 600)
CHECKED = frozenset({"ready", "rejected"})
ENDED = frozenset({"completed", "partial", "failed"})
ERASED = frozenset({"done"})
SETTLED = frozenset({"paid", "refunded", "failed", "expired", "review"})
GONE = frozenset({403, 404})  # what the edge answers for an image that is not there
GONE_LOOKS = 90
UPLOAD_POLL_SECONDS, GENERATION_POLL_SECONDS = 1.0, 2.0  # before the first look, and where an answer has no Retry-After
ULID = re.compile("[0-9A-HJKMNP-TV-Z]{26}")

type Json = dict[str, Any]
type Script[Result] = Generator[Ask | float, Any, Result]


@dataclass(frozen=True)
class Ask:
    """One request. ``url`` is a path of the API, or a whole URL, which is sent without the access token; ``name`` is
    what one of these is counted as.
    """

    method: str
    url: str
    json: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    expected: Container[int] = frozenset({200})
    name: str = "image (edge)"

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    @property
    def to_api(self) -> bool:
        return self.url.startswith("/")

    @property
    def route(self) -> str:
        """What it is counted as: ``/uploads/*``, ``photo (S3)``."""
        return ULID.sub("*", self.url.partition("?")[0]) if self.to_api else self.name

    def accept(self, answer: Any) -> Any:
        """``answer``, if its status is expected; raises `Refused` otherwise."""
        if answer.status_code not in self.expected:
            raise Refused(self, answer)
        return answer


class Refused(OperationError):
    """An answer whose status is not one of those expected."""

    def __init__(self, ask: Ask, answer: Any) -> None:
        where = f"{ask.method} {ask.url.partition('?')[0]}"  # a query may carry a signature
        super().__init__(f"{where} answered {answer.status_code}: {answer.text[:500]}")
        self.answer = answer


class NotFinal(OperationError):
    """Patience ended before the status was final; ``seen`` is the last answer's JSON."""

    def __init__(self, path: str, seen: Json, seconds: float) -> None:
        super().__init__(f"{path} was still {seen['status']} after {seconds:.0f} s")
        self.seen = seen


CREDITS = Ask("GET", "/credits")
CONSENTS = Ask("GET", "/consents")


def sign_in(token_url: str, user: str) -> Ask:
    """An access token of the local issuer: ``{"access_token"}``."""
    return Ask("POST", token_url, {"sub": user})


def decide(kind: str, version: str, *, granted: bool) -> Ask:
    """Agree to a version of a text, or refuse it."""
    return Ask("PUT", f"/consents/{kind}", {"version": version, "granted": granted})


def agree(*also: str) -> Script[None]:
    """Agree to the newest version of all that is required, and of these kinds, unless that was done before."""
    for each in (yield CONSENTS).json()["consents"]:
        counts = each["granted"] and each["version"] == each["latest_version"]
        if (each["required"] or each["kind"] in also) and not counts:
            yield decide(each["kind"], each["latest_version"], granted=True)


def ask_upload(photo: bytes, content_type: str) -> Ask:
    """A place for just these bytes."""
    digest = b64encode(sha256(photo).digest()).decode()
    return Ask("POST", "/uploads", {"content_type": content_type, "size": len(photo), "sha256": digest}, expected={201})


def put_photo(upload: Json, photo: bytes) -> Ask:
    """Send the photo to the place that ``upload`` names."""
    return Ask(upload["method"], upload["url"], headers=upload["headers"], content=photo, name="photo (S3)")


def generate(upload_id: str, style: str, key: str | None, role: str | None = None) -> Ask:
    """Ask for four images; ``key`` is the idempotency key."""
    headers = {} if key is None else {"idempotency-key": key}
    body = {"upload_id": upload_id, "style": style, **({} if role is None else {"role": role})}
    return Ask("POST", "/generations", body, headers, expected={200, 202})


def select(generation_id: str, image: int) -> Ask:
    """Choose one of the images, by its index."""
    return Ask("PUT", f"/generations/{generation_id}/selection", {"image": image})


def delete(generation_id: str) -> Ask:
    """Delete a generation; 404 where an earlier try did, whose answer was lost."""
    return Ask("DELETE", f"/generations/{generation_id}", expected={204, 404})


def leave() -> Ask:
    """Have the account erased; answers ``{"receipt", "status"}``."""
    return Ask("DELETE", "/account", {"confirm": "delete my account"}, expected={202})


def upload(photo: bytes, content_type: str) -> Script[str]:
    """Send a photo; the upload's id."""
    place = (yield ask_upload(photo, content_type)).json()
    yield put_photo(place, photo)
    return str(place["upload_id"])


def wait_for_check(upload_id: str, patience: float) -> Script[Json]:
    """The upload once its photo was checked, ready or rejected; raises `NotFinal` after ``patience`` seconds."""
    return _until_final(f"/uploads/{upload_id}", CHECKED, UPLOAD_POLL_SECONDS, patience)


def wait_for_images(generation_id: str, patience: float) -> Script[Json]:
    """The generation once it has ended; raises `NotFinal` after ``patience`` seconds."""
    return _until_final(f"/generations/{generation_id}", ENDED, GENERATION_POLL_SECONDS, patience)


def wait_for_order(order_id: str, patience: float) -> Script[Json]:
    """The order once its outcome is known; raises `NotFinal` after ``patience`` seconds."""
    return _until_final(f"/orders/{order_id}", SETTLED, GENERATION_POLL_SECONDS, patience)


def wait_for_erasure(receipt: str, patience: float) -> Script[Json]:
    """What the receipt says once it is done; raises `NotFinal` after ``patience`` seconds."""
    return _until_final(f"/erasures/{receipt}", ERASED, GENERATION_POLL_SECONDS, patience)


def wait_until_gone(url: str) -> Script[None]:
    """Until an image is shown no more: what the edge keeps of one that was deleted goes within a minute. Raises
    `Refused`.
    """
    for _ in range(GONE_LOOKS):
        if (yield Ask("GET", url, expected={200} | GONE)).status_code in GONE:
            return
        yield 1.0
    yield Ask("GET", url, expected=GONE)


def _until_final(path: str, final: Container[str], pause: float, patience: float) -> Script[Json]:
    """Look again as Retry-After says; with the last etag, so that an answer without news has no body."""
    seen: Json = {"status": ""}
    headers: dict[str, str] = {}
    waited = 0.0
    while waited <= patience:
        waited += yield pause
        answer = yield Ask("GET", path, headers=headers, expected={200, 304})
        if answer.status_code == 200:
            seen = answer.json()
        if seen["status"] in final:
            return seen
        headers = {"if-none-match": answer.headers["etag"]} if "etag" in answer.headers else {}
        pause = float(answer.headers.get("retry-after", pause))
    raise NotFinal(path, seen, waited)


def ready(upload: Json) -> None:
    """Raise `OperationError` with the reason unless the checked photo can be used."""
    if upload["status"] != "ready":
        raise OperationError(f"the photo was rejected: {upload['reason']['code']} ({upload['reason']['detail']})")


def drive[Result](script: Script[Result], ask: Callable[[Ask], Any], pause: Callable[[float], float]) -> Result:
    """Run ``script``: ``ask`` sends a request and answers it, ``pause`` waits and answers how long it did."""
    answer = None
    while True:
        try:
            step = script.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        answer = ask(step) if isinstance(step, Ask) else pause(step)


async def drive_async[Result](
    script: Script[Result], ask: Callable[[Ask], Awaitable[Any]], pause: Callable[[float], Awaitable[float]]
) -> Result:
    """The same, awaiting."""
    answer = None
    while True:
        try:
            step = script.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        answer = await (ask(step) if isinstance(step, Ask) else pause(step))
