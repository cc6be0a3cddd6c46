"""The script of a visit: what it asks for next, how long it waits, and what it refuses."""

import asyncio
from typing import Any

import httpx
import pytest

from operations import checkout, visit
from operations.errors import OperationError
from operations.visit import Ask, NotFinal, Refused, Script, drive, drive_async

ULID = "01JDZ0000000000000000000AB"
ETAG = {"etag": '"1"', "retry-after": "3"}


class Api:
    """Answers in turn; ``waited`` and ``asked`` are what a script wanted of it."""

    def __init__(self, *answers: httpx.Response) -> None:
        self._answers = iter(answers)
        self.asked: list[Ask] = []
        self.waited: list[float] = []

    def ask(self, ask: Ask) -> Any:
        self.asked.append(ask)
        return ask.accept(next(self._answers))

    def pause(self, seconds: float) -> float:
        self.waited.append(seconds)
        return seconds

    def run[Result](self, script: Script[Result]) -> Result:
        return drive(script, self.ask, self.pause)


def answer(code: int, headers: dict[str, str] | None = None, /, **document: Any) -> httpx.Response:
    return httpx.Response(code, json=document, headers=headers)


def test_a_photo_is_sent_where_the_api_says() -> None:
    place = {"upload_id": ULID, "method": "PUT", "url": "https://bucket/incoming?signature=1", "headers": {"x": "y"}}
    api = Api(answer(201, **place), answer(200))
    assert api.run(visit.upload(b"photo", "image/jpeg")) == ULID
    wanted, sent = api.asked
    assert str(wanted) == "POST /uploads"
    assert wanted.json == {
        "content_type": "image/jpeg",
        "size": 5,
        "sha256": "VcZND81vnV98goCThX4/39poR4u06b0k1IHvORx4BOg=",
    }
    assert (sent.url, sent.headers, sent.content, sent.to_api) == (place["url"], {"x": "y"}, b"photo", False)


def test_it_agrees_to_what_is_required_and_does_not_count_yet() -> None:
    def asked(kind: str, **changes: Any) -> dict[str, Any]:
        return {"kind": kind, "required": True, "latest_version": "2", "version": "2", "granted": True, **changes}

    consents = [
        asked("counts"),
        asked("older", version="1"),
        asked("refused", granted=False),
        asked("never asked", version=None, granted=False),
        asked("as you like", required=False, granted=False),
        asked("wanted", required=False, granted=False),
    ]
    api = Api(answer(200, consents=consents), *[answer(200)] * 4)
    api.run(visit.agree("wanted"))
    assert [str(ask) for ask in api.asked] == [
        "GET /consents",
        *(f"PUT /consents/{kind}" for kind in ("older", "refused", "never asked", "wanted")),
    ]
    assert all(ask.json == {"version": "2", "granted": True} for ask in api.asked[1:])


def test_it_waits_as_the_api_says_and_asks_only_for_news() -> None:
    api = Api(answer(200, ETAG, status="processing"), answer(304, ETAG), answer(200, status="partial"))
    assert api.run(visit.wait_for_images(ULID, 60)) == {"status": "partial"}
    assert api.waited == [2.0, 3.0, 3.0]
    assert [ask.headers for ask in api.asked] == [{}, {"if-none-match": '"1"'}, {"if-none-match": '"1"'}]


def test_patience_ends() -> None:
    api = Api(*[answer(200, status="checking")] * 3)
    with pytest.raises(NotFinal, match=f"/uploads/{ULID} was still checking after 3 s") as late:
        api.run(visit.wait_for_check(ULID, 2))
    assert late.value.seen == {"status": "checking"}


def test_an_unexpected_status_ends_it_and_no_signature_is_shown() -> None:
    api = Api(answer(403, error="no"))
    with pytest.raises(Refused, match="GET https://bucket/x answered 403") as refused:
        api.ask(Ask("GET", "https://bucket/x?X-Amz-Signature=secret"))
    assert "secret" not in str(refused.value)
    assert refused.value.answer.status_code == 403


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (visit.select(ULID, 2), "PUT /generations/*/selection"),
        (Ask("GET", "/credits/entries?limit=3"), "GET /credits/entries"),
        (checkout.confirm(ULID, {"paymentKey": "k", "amount": "9900"}), "POST /orders/*/confirm"),
        (visit.put_photo({"method": "PUT", "url": "https://bucket/incoming", "headers": {}}, b""), "PUT photo (S3)"),
        (Ask("GET", "https://edge/results"), "GET image (edge)"),
    ],
)
def test_requests_are_counted_by_their_route(ask: Ask, name: str) -> None:
    assert str(ask) == name


def test_a_rejected_photo_is_not_ready() -> None:
    visit.ready({"status": "ready"})
    with pytest.raises(OperationError, match=r"no_face \(There is no face\.\)"):
        visit.ready({"status": "rejected", "reason": {"code": "no_face", "detail": "There is no face."}})


def test_it_runs_without_blocking_too() -> None:
    api = Api(answer(200, status="checking"), answer(200, status="ready"))

    async def ask(step: Ask) -> Any:
        return api.ask(step)

    async def pause(seconds: float) -> float:
        return api.pause(seconds)

    script = visit.wait_for_check(ULID, 60)
    assert asyncio.run(drive_async(script, ask, pause)) == {"status": "ready"}
    assert api.waited == [1.0, 1.0]
