"""The check function: each photo that lands is checked once, and what fails for now comes again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest
from PIL import Image

from local.photos.make import encode, huge_png, noise
from local.simulated.environment import BUCKET, QUEUE_URL
from local.simulated.functions import Context
from tests.support.functions import Call
from veil.domain.photos import ReaderFailed
from veil.domain.uploads import CHECK_TRIES, incoming_key, input_key

pytestmark = pytest.mark.usefixtures("agreed")
PORTRAIT = Path(__file__).parents[2] / "local" / "photos" / "eileen-collins.jpg"
Rule = Callable[..., None]


class Photos:
    """This user's photos in the bucket, and the function that is told of them."""

    def __init__(self, call: Call, check: Any, user: str) -> None:
        self._call, self._check, self._user = call, check, user
        self._s3, self._sqs = boto3.client("s3"), boto3.client("sqs")

    def land(self, data: bytes, content_type: str = "image/jpeg") -> str:
        """Upload a photo; returns the upload's id."""
        body = {"content_type": content_type, "size": max(1, len(data))}
        upload_id: str = self._call("uploads", "POST", "/uploads", body).json["upload_id"]
        self._s3.put_object(Bucket=BUCKET, Key=incoming_key(self._user, upload_id), Body=data)
        return upload_id

    def check(self, *upload_ids: str, receives: int = 1) -> list[str]:
        """Tell the function of them, a message each; returns the ids that it wants to be told of again."""
        messages = [self._message(incoming_key(self._user, upload_id)) for upload_id in upload_ids]
        again = {failed["itemIdentifier"] for failed in self.run(messages, receives)["batchItemFailures"]}
        return [upload_id for upload_id, message in zip(upload_ids, messages, strict=True) if message["id"] in again]

    def run(self, messages: list[dict[str, str]], receives: int = 1) -> Any:
        records = [
            {
                "messageId": message["id"],
                "receiptHandle": message["handle"],
                "body": message["body"],
                "attributes": {"ApproximateReceiveCount": str(receives)},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:ap-northeast-2:123456789012:veil-test-photos",
                "awsRegion": "ap-northeast-2",
            }
            for message in messages
        ]
        return self._check.handler({"Records": records}, Context())

    def _message(self, key: str) -> dict[str, str]:
        landed = {
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": BUCKET}, "object": {"key": quote_plus(key)}},
        }
        return self.queue(json.dumps({"Records": [landed]}))

    def queue(self, body: str) -> dict[str, str]:
        """Send a message through the queue, for its receipt."""
        self._sqs.send_message(QueueUrl=QUEUE_URL, MessageBody=body)
        [received] = self._sqs.receive_message(QueueUrl=QUEUE_URL)["Messages"]
        return {"id": received["MessageId"], "handle": received["ReceiptHandle"], "body": body}

    def status(self, upload_id: str) -> tuple[str, str | None]:
        upload = self._call("uploads", "GET", f"/uploads/{upload_id}").json
        return upload["status"], upload["reason"] and upload["reason"]["code"]

    def has(self, key: str) -> bool:
        return any(each["Key"] == key for each in self._s3.list_objects_v2(Bucket=BUCKET).get("Contents", []))

    def raw_is_there(self, upload_id: str) -> bool:
        return self.has(incoming_key(self._user, upload_id))

    def input_is_there(self, upload_id: str) -> bool:
        return self.has(input_key(self._user, upload_id))


@pytest.fixture
def photos(call: Call, functions: dict[str, Any], user: str, rule: Rule) -> Photos:
    return Photos(call, functions["check"], user)


def test_a_portrait(photos: Photos) -> None:
    upload_id = photos.land(PORTRAIT.read_bytes())
    assert photos.check(upload_id) == []
    assert photos.status(upload_id) == ("ready", None)
    assert (photos.raw_is_there(upload_id), photos.input_is_there(upload_id)) == (False, True)


def _two_people() -> bytes:
    with Image.open(PORTRAIT) as portrait:
        pair = Image.new("RGB", (portrait.width * 2, portrait.height))
        pair.paste(portrait, (0, 0))
        pair.paste(portrait, (portrait.width, 0))
    return encode(pair, "JPEG")


@pytest.mark.parametrize(
    ("data", "declared", "reason"),
    [
        (b"", "image/jpeg", "not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", "not_an_image"),
        (b"%PDF-1.7\n", "image/jpeg", "not_an_image"),
        (encode(noise(), "GIF"), "image/jpeg", "type_mismatch"),
        (encode(noise(), "PNG"), "image/jpeg", "type_mismatch"),
        (encode(noise(), "JPEG")[:20_000], "image/jpeg", "unreadable_image"),
        (huge_png(), "image/png", "image_too_large"),
        (encode(noise(100, 100), "JPEG"), "image/jpeg", "image_too_small"),
        (encode(noise(), "JPEG"), "image/jpeg", "no_face"),
        (_two_people(), "image/jpeg", "multiple_faces"),
    ],
    ids=["empty", "svg", "pdf", "gif", "png", "truncated", "huge", "tiny", "nobody", "two"],
)
def test_a_photo_that_cannot_be_used(photos: Photos, call: Call, data: bytes, declared: str, reason: str) -> None:
    upload_id = photos.land(data, declared)
    assert photos.check(upload_id) == []
    assert photos.status(upload_id) == ("rejected", reason)
    assert not photos.raw_is_there(upload_id)
    assert not photos.input_is_there(upload_id)
    assert call("gallery", "GET", "/credits").json == {"available": 8, "held": 0, "owed": 0}


@pytest.mark.parametrize(
    "fault", [{"status": 429, "retry_after": 30}, {"status": 503}, {"html": True}, {"status": 401}]
)
def test_a_face_service_that_does_not_answer(photos: Photos, rule: Rule, fault: dict[str, Any]) -> None:
    """The photo is not at fault: it stays, and is checked later."""
    upload_id = photos.land(PORTRAIT.read_bytes())
    rule(azure=fault)
    assert photos.check(upload_id) == [upload_id]
    assert photos.status(upload_id) == ("checking", None)
    assert photos.raw_is_there(upload_id)
    rule(azure=None)
    assert photos.check(upload_id) == []
    assert photos.status(upload_id) == ("ready", None)


def test_one_that_fails_keeps_no_other_from_its_check(photos: Photos, rule: Rule) -> None:
    first, second, third = (photos.land(PORTRAIT.read_bytes()) for _ in range(3))
    rule(azure=[None, {"status": 500}, None])
    assert photos.check(first, second, third) == [second]
    assert [photos.status(upload_id)[0] for upload_id in (first, second, third)] == ["ready", "checking", "ready"]


def test_a_photo_that_nobody_can_read_ends_with_the_last_message(
    photos: Photos, functions: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ReaderFailed("no answer within 40 s")

    monkeypatch.setattr(functions["check"].bootstrap.check.reader, "read", fail)
    upload_id = photos.land(PORTRAIT.read_bytes())
    assert photos.check(upload_id, receives=CHECK_TRIES - 1) == [upload_id]
    assert photos.status(upload_id) == ("checking", None)
    assert photos.check(upload_id, receives=CHECK_TRIES) == []
    assert photos.status(upload_id) == ("rejected", "unreadable_image")
    assert not photos.raw_is_there(upload_id)


def test_told_twice(photos: Photos) -> None:
    upload_id = photos.land(PORTRAIT.read_bytes())
    assert photos.check(upload_id) == photos.check(upload_id) == []
    assert photos.status(upload_id) == ("ready", None)
    assert photos.input_is_there(upload_id)


def test_an_object_that_is_no_upload_is_cleared_away(photos: Photos, user: str) -> None:
    for key in (incoming_key(user, "01JDCK5T7Q8Z9A1B2C3D4E5F6G"), "incoming/stray", "incoming/a/b/c", "incoming/%%/x"):
        photos._s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
        assert photos.run([photos._message(key)]) == {"batchItemFailures": []}
        assert not photos.has(key)


@pytest.mark.parametrize("body", ['{"Event": "s3:TestEvent", "Bucket": "veil"}', "{}", '{"Records": []}'])
def test_a_message_that_tells_of_no_photo(photos: Photos, body: str) -> None:
    assert photos.run([photos.queue(body)]) == {"batchItemFailures": []}


def test_a_message_that_is_broken_comes_again_and_ends_in_the_redrive_queue(photos: Photos) -> None:
    message = photos.queue("not json")
    assert photos.run([message]) == {"batchItemFailures": [{"itemIdentifier": message["id"]}]}
