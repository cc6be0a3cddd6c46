"""Who may call Rekognition's stand-in: keys, signatures, IAM; and which calls are none."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from local.stand_ins import ProvidersConfig
from tests.local.stand_ins.rekognition_calls import COLLINS, compare, refused, rekognition, signed
from tests.local.stand_ins.small_aws import ACCOUNT, Key, SmallAws

ROLE = f"arn:aws:iam::{ACCOUNT}:role/webhook"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/webhook/veil-local-webhook"
ACTION, OBJECT = "rekognition:CompareFaces", "arn:aws:s3:::veil-photos/inputs/a.jpg"
IMAGE = {"Bytes": base64.b64encode(COLLINS).decode()}
WHOLE: dict[str, Any] = {"SourceImage": IMAGE, "TargetImage": IMAGE, "SimilarityThreshold": 0}
STORED = {"S3Object": {"Bucket": "veil-photos", "Name": "inputs/a.jpg"}}


@pytest.fixture
def session(config: ProvidersConfig, aws: SmallAws) -> Iterator[Any]:
    """A client with the keys of a role's session, which IAM allows nothing yet."""
    aws.keys["ASIAWEBHOOK"] = Key(SESSION, token="its-token")
    client = rekognition(config.base_url, "ASIAWEBHOOK", "theirs", aws_session_token="its-token")
    yield client
    client.close()


def _sent(http: httpx.Client, request: httpx.Request) -> tuple[int, str]:
    answer = http.send(request)
    return answer.status_code, answer.json().get("__type", "")


def _url(config: ProvidersConfig) -> str:
    return f"{config.base_url}/rekognition"


def test_a_session_is_its_role(session: Any, aws: SmallAws) -> None:
    aws.allowed = {(ROLE, ACTION, "*")}
    assert compare(session, COLLINS, COLLINS)["FaceMatches"]
    assert aws.asked == [(ROLE, ACTION, "*")]


def test_whom_iam_does_not_allow_it_is_named(session: Any) -> None:
    with pytest.raises(session.exceptions.AccessDeniedException) as caught:
        compare(session, COLLINS, COLLINS)
    assert f"User: {SESSION} is not authorized to perform: {ACTION}" in str(caught.value)


def test_a_user_is_asked_about_by_name(config: ProvidersConfig, aws: SmallAws) -> None:
    user = f"arn:aws:iam::{ACCOUNT}:user/alice"
    aws.keys["AKIAALICE"], aws.allowed = Key(user), {(user, ACTION, "*")}
    client = rekognition(config.base_url, "AKIAALICE", "theirs")
    assert compare(client, COLLINS, COLLINS)["FaceMatches"]
    client.close()


def test_an_object_is_read_for_whom_iam_lets_read_it(session: Any, aws: SmallAws) -> None:
    aws.objects["/veil-photos/inputs/a.jpg"] = COLLINS
    aws.allowed = {(ROLE, ACTION, "*")}
    with pytest.raises(session.exceptions.InvalidS3ObjectException):
        session.compare_faces(SourceImage=STORED, TargetImage={"Bytes": COLLINS})
    aws.allowed.add((ROLE, "s3:GetObject", OBJECT))
    assert session.compare_faces(SourceImage=STORED, TargetImage={"Bytes": COLLINS})["FaceMatches"]


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        (("root", "another", None), "InvalidSignatureException"),
        (("AKIANOBODY", "theirs", None), "UnrecognizedClientException"),
        (("ASIAWEBHOOK", "another", "its-token"), "InvalidSignatureException"),
        (("ASIAWEBHOOK", "theirs", None), "UnrecognizedClientException"),
        (("ASIAWEBHOOK", "theirs", "another"), "UnrecognizedClientException"),
        (("ASIAOLD", "theirs", "its-token"), "ExpiredTokenException"),
    ],
)
def test_keys_that_are_none(
    config: ProvidersConfig, aws: SmallAws, credentials: tuple[str, str, str | None], code: str
) -> None:
    key, secret, token = credentials
    aws.keys |= {"ASIAWEBHOOK": Key(SESSION, token="its-token"), "ASIAOLD": Key(SESSION, "theirs", "its-token", True)}
    client = rekognition(config.base_url, key, secret, aws_session_token=token)
    with pytest.raises(ClientError) as caught:
        compare(client, COLLINS, COLLINS)
    assert refused(caught.value) == (code, 400)
    client.close()


def test_a_call_that_is_signed_by_hand(config: ProvidersConfig, http: httpx.Client) -> None:
    assert _sent(http, signed(_url(config), WHOLE)) == (200, "")
    assert _sent(http, signed(f"{_url(config)}/?a=%20b", WHOLE)) == (200, "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"region": "us-east-1"}, "valid region"),
        ({"service": "s3"}, "correct service: 'rekognition'"),
        ({"at": timedelta(minutes=-5, seconds=-10)}, "Signature expired"),
        ({"at": timedelta(minutes=5, seconds=10)}, "not yet current"),
    ],
)
def test_signatures_for_elsewhere(
    config: ProvidersConfig, http: httpx.Client, changes: dict[str, Any], said: str
) -> None:
    if "at" in changes:
        changes = {"at": datetime.now(UTC) + changes["at"]}
    answer = http.send(signed(_url(config), WHOLE, **changes))
    assert (answer.status_code, answer.json()["__type"]) == (400, "InvalidSignatureException")
    assert said in answer.json()["Message"]


def test_a_signature_within_five_minutes(config: ProvidersConfig, http: httpx.Client) -> None:
    for apart in (-280, 280):
        request = signed(_url(config), WHOLE, at=datetime.now(UTC) + timedelta(seconds=apart))
        assert _sent(http, request) == (200, "")


def _without(name: str, request: httpx.Request) -> httpx.Request:
    headers = {key: value for key, value in request.headers.items() if key != name}
    return httpx.Request("POST", request.url, headers=headers, content=request.content)


def _with(request: httpx.Request, url: str | None = None, content: bytes | None = None, **more: str) -> httpx.Request:
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    return httpx.Request("POST", url or request.url, headers=headers, content=content or request.content)


def test_calls_that_were_altered_after_they_were_signed(config: ProvidersConfig, http: httpx.Client) -> None:
    url = _url(config)
    other = json.dumps({**WHOLE, "SimilarityThreshold": 1}).encode()
    good = signed(url, WHOLE)
    named = good.headers["authorization"].replace("content-type;", "")
    for altered in (
        _with(good, content=other),
        _with(good, url=f"{url}?a=b"),
        _with(good, x_amz_target="RekognitionService.DetectFaces"),
        _with(good, content_type="application/json"),
        _with(good, x_amz_security_token="added"),
        _with(good, x_amz_content_sha256="UNSIGNED-PAYLOAD"),
        _with(good, authorization=named),
    ):
        assert _sent(http, altered) in {(400, "InvalidSignatureException"), (400, "UnrecognizedClientException")}


def test_a_body_that_is_not_the_one_whose_hash_was_signed(config: ProvidersConfig, http: httpx.Client) -> None:
    good = signed(_url(config), WHOLE, x_amz_content_sha256=sha256(json.dumps(WHOLE).encode()).hexdigest())
    assert _sent(http, good) == (200, "")
    assert _sent(http, _with(good, content=b"{}")) == (400, "InvalidSignatureException")


def test_a_header_that_was_not_signed(config: ProvidersConfig, http: httpx.Client) -> None:
    answer = http.send(_with(signed(_url(config), WHOLE), x_amz_meta="added"))
    assert "must be signed" in answer.json()["Message"]


@pytest.mark.parametrize(
    ("header", "code"),
    [("authorization", "MissingAuthenticationTokenException"), ("x-amz-date", "IncompleteSignatureException")],
)
def test_calls_that_are_not_signed(config: ProvidersConfig, http: httpx.Client, header: str, code: str) -> None:
    assert _sent(http, _without(header, signed(_url(config), WHOLE))) == (400, code)


def test_an_authorization_that_is_none(config: ProvidersConfig, http: httpx.Client) -> None:
    for header in ("Bearer abc", "AWS4-HMAC-SHA256 Credential=root", ""):
        request = _with(signed(_url(config), WHOLE), authorization=header)
        assert _sent(http, request) == (400, "IncompleteSignatureException")


NULL = "Member must not be null"
BAD = [
    ({}, f"'sourceImage' failed to satisfy constraint: {NULL}"),
    ({**WHOLE, "TargetImage": None}, f"'targetImage' failed to satisfy constraint: {NULL}"),
    ({**WHOLE, "SimilarityThreshold": 100.1}, "value less than or equal to 100"),
    ({**WHOLE, "SimilarityThreshold": -1}, "value greater than or equal to 0"),
    ({**WHOLE, "QualityFilter": "BEST"}, "enum value set: [NONE, AUTO, LOW, MEDIUM, HIGH]"),
    ({**WHOLE, "TargetImage": {"Bytes": ""}}, "'targetImage.bytes' failed to satisfy constraint: Member must have l"),
    ({**WHOLE, "SourceImage": {"S3Object": {"Bucket": "a b", "Name": "c"}}}, "regular expression pattern"),
    ({**WHOLE, "SourceImage": {"S3Object": {"Bucket": "ab", "Name": "c"}}}, "'sourceImage.s3Object.bucket'"),
]


@pytest.mark.parametrize(("body", "said"), BAD)
def test_what_is_against_the_model(config: ProvidersConfig, http: httpx.Client, body: object, said: str) -> None:
    answer = http.send(signed(_url(config), body))
    assert (answer.status_code, answer.json()["__type"]) == (400, "ValidationException")
    assert said in answer.json()["Message"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "SerializationException"),
        (b"[" * 100_000, "SerializationException"),
        ([], "SerializationException"),
        ({**WHOLE, "SimilarityThreshold": "80"}, "SerializationException"),
        ({**WHOLE, "SimilarityThreshold": True}, "SerializationException"),
        ({**WHOLE, "SimilarityThreshold": float("nan")}, "SerializationException"),
        ({**WHOLE, "TargetImage": {"Bytes": "no base64"}}, "SerializationException"),
        ({**WHOLE, "TargetImage": {}}, "InvalidParameterException"),
        ({**WHOLE, "TargetImage": {**IMAGE, **STORED}}, "InvalidParameterException"),
        ({**WHOLE, "TargetImage": {"S3Object": {"Bucket": "veil-photos"}}}, "InvalidParameterException"),
        ({**WHOLE, "Unknown": 1}, ""),
    ],
)
def test_what_cannot_be_read(config: ProvidersConfig, http: httpx.Client, body: object, code: str) -> None:
    assert _sent(http, signed(_url(config), body)) == (400 if code else 200, code)


def test_another_operation(config: ProvidersConfig, http: httpx.Client) -> None:
    client = rekognition(config.base_url)
    with pytest.raises(ClientError, match="UnknownOperationException"):
        client.detect_faces(Image={"Bytes": COLLINS})
    client.close()
