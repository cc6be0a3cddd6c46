"""Amazon's wire, as its model describes it: what is asked, and what each answer and each error means."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from local.simulated.environment import BUCKET, REGION
from tests.support.deployed import forget_clients
from tests.support.wire import Reply, Wire, closed_port
from veil.adapters.aws import rekognition
from veil.adapters.aws.rekognition import CONFIG, MAX_BYTES, RekognitionMatcher
from veil.domain.likeness import FaceComparison, MatcherUnavailable, NotComparable
from veil.domain.predictions import BadOutput

KEY, OUTPUT = "inputs/YWRh/01J.jpg", b"\xff\xd8\xff the output's very bytes"
FACE = {"BoundingBox": {"Width": 0.3, "Height": 0.4, "Left": 0.35, "Top": 0.2}, "Confidence": 99.9}
TRIES = CONFIG.retries["total_max_attempts"]


def _found(*similarities: float, unmatched: int = 0) -> Reply:
    matches = [{"Similarity": each, "Face": FACE} for each in similarities]
    return Reply(200, {"SourceImageFace": FACE, "FaceMatches": matches, "UnmatchedFaces": [FACE] * unmatched})


def _error(code: str, status: int = 400, message: str = "because") -> Reply:
    body = {"__type": code, "Message": message}
    return Reply(status, body, {"content-type": "application/x-amz-json-1.1"})


@pytest.fixture(scope="module")
def account() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        forget_clients()
        yield
    forget_clients()


@pytest.fixture
def matcher(wire: Wire, account: None, monkeypatch: pytest.MonkeyPatch) -> RekognitionMatcher:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    return RekognitionMatcher(BUCKET, wire.url)


def _compare(matcher: RekognitionMatcher, data: bytes = OUTPUT, content_type: str = "image/jpeg") -> FaceComparison:
    return matcher.compare(KEY, data, content_type)


def test_what_is_asked(wire: Wire, matcher: RekognitionMatcher) -> None:
    """The photo where it stands, the output's bytes, and every face with its score, however unlike or blurred."""
    wire.answer(_found(97.1))
    _compare(matcher)
    [asked] = wire.asked
    assert (asked.method, asked.path) == ("POST", "/")
    assert asked.headers["x-amz-target"] == "RekognitionService.CompareFaces"
    assert asked.headers["content-type"] == "application/x-amz-json-1.1"
    assert f"/{REGION}/rekognition/aws4_request" in asked.headers["authorization"]
    assert asked.json == {
        "SourceImage": {"S3Object": {"Bucket": BUCKET, "Name": KEY}},
        "TargetImage": {"Bytes": base64.b64encode(OUTPUT).decode()},
        "SimilarityThreshold": 0,
        "QualityFilter": "NONE",
    }


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (_found(97.1), FaceComparison(1, 97.1)),
        (_found(0.0), FaceComparison(1, 0.0)),
        (_found(100), FaceComparison(1, 100.0)),
        (_found(97.1, 3.2), FaceComparison(2, 97.1)),
        (_found(3.2, 97.1), FaceComparison(2, 97.1)),
        (_found(97.1, unmatched=1), FaceComparison(2, 97.1)),
        (_found(unmatched=1), FaceComparison(1, None)),
        (_found(), FaceComparison(0, None)),
        (_error("InvalidParameterException", message="Request has invalid parameters"), FaceComparison(0, None)),
    ],
)
def test_what_is_found(wire: Wire, matcher: RekognitionMatcher, reply: Reply, found: FaceComparison) -> None:
    wire.answer(reply)
    assert _compare(matcher) == found
    assert len(wire.asked) == 1


@pytest.mark.parametrize("code", ["InvalidS3ObjectException", "ImageTooLargeException"])
def test_what_can_never_be_compared(wire: Wire, matcher: RekognitionMatcher, code: str) -> None:
    wire.answer(_error(code))
    with pytest.raises(NotComparable, match=code):
        _compare(matcher)
    assert len(wire.asked) == 1


def test_what_is_no_picture(wire: Wire, matcher: RekognitionMatcher) -> None:
    wire.answer(_error("InvalidImageFormatException"))
    with pytest.raises(BadOutput):
        _compare(matcher)


AGAIN = [
    _error("ThrottlingException"),
    _error("ProvisionedThroughputExceededException"),
    _error("InternalServerError", 500),
    Reply(503, b"<html>busy</html>"),
    Reply(reset=True),
]


@pytest.mark.parametrize("reply", AGAIN)
def test_what_may_pass_is_tried_again(wire: Wire, matcher: RekognitionMatcher, reply: Reply) -> None:
    wire.answer(*[reply] * (TRIES - 1), _found(97.1))
    assert _compare(matcher) == FaceComparison(1, 97.1)
    assert len(wire.asked) == TRIES


@pytest.mark.parametrize("reply", AGAIN)
def test_what_does_not_pass_is_left_to_later(wire: Wire, matcher: RekognitionMatcher, reply: Reply) -> None:
    wire.answer(reply)
    with pytest.raises(MatcherUnavailable):
        _compare(matcher)
    assert len(wire.asked) == TRIES


@pytest.mark.parametrize(
    "reply",
    [
        _error("AccessDeniedException"),
        _error("UnrecognizedClientException"),
        _error("ExpiredTokenException"),
        _error("ValidationException"),
        _error("WhatNobodyKnows"),
        Reply(200, b"<html>a captive portal</html>"),
        Reply(200, {}),
        Reply(200, {"FaceMatches": [{}], "UnmatchedFaces": []}),
        Reply(200, []),
        Reply(200, {"FaceMatches": "none", "UnmatchedFaces": []}),
        Reply(200, {"FaceMatches": [{"Similarity": "high"}], "UnmatchedFaces": []}),
        Reply(200, b'{"FaceMatches": [{"Similarity": NaN}], "UnmatchedFaces": []}'),
        Reply(200, b'{"FaceMatches": [{"Similarity": 1e999}], "UnmatchedFaces": []}'),
        Reply(404, b""),
    ],
)
def test_what_is_wrong_with_us_loses_no_image(wire: Wire, matcher: RekognitionMatcher, reply: Reply) -> None:
    wire.answer(reply)
    with pytest.raises(MatcherUnavailable):
        _compare(matcher)


def test_one_that_hangs(wire: Wire, account: None, monkeypatch: pytest.MonkeyPatch) -> None:
    once = CONFIG.merge(type(CONFIG)(read_timeout=0.2, retries={"total_max_attempts": 1}))
    monkeypatch.setattr(rekognition, "CONFIG", once)
    wire.answer(Reply(hang=True))
    with pytest.raises(MatcherUnavailable):
        _compare(RekognitionMatcher(BUCKET, wire.url))


def test_one_that_is_not_there(account: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with pytest.raises(MatcherUnavailable):
        _compare(RekognitionMatcher(BUCKET, f"http://127.0.0.1:{closed_port()}"))


@pytest.mark.parametrize(
    ("data", "content_type"),
    [(OUTPUT, "image/webp"), (OUTPUT, "image/avif"), (b"x" * (MAX_BYTES + 1), "image/jpeg")],
)
def test_what_it_does_not_take_is_not_sent(
    wire: Wire, matcher: RekognitionMatcher, data: bytes, content_type: str
) -> None:
    with pytest.raises(NotComparable):
        _compare(matcher, data, content_type)
    assert wire.asked == []


def test_the_largest_that_it_takes(wire: Wire, matcher: RekognitionMatcher) -> None:
    wire.answer(_found(97.1))
    assert _compare(matcher, b"x" * MAX_BYTES, "image/png") == FaceComparison(1, 97.1)


def test_without_an_endpoint_it_is_the_regions_own(account: None) -> None:
    made: Any = RekognitionMatcher(BUCKET, None)
    assert made._client.meta.endpoint_url == f"https://rekognition.{REGION}.amazonaws.com"
