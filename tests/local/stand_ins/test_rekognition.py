"""Rekognition's stand-in through boto3: who is alike, what is seen, what is refused, and how it misbehaves."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from PIL import ExifTags, Image, ImageOps

from local.stand_ins import ProvidersConfig, portraits
from local.stand_ins.rekognition.comparison import similarity
from tests.local.stand_ins.rekognition_calls import (
    COLLINS,
    HOPPER,
    compare,
    encoded,
    nobody,
    opened,
    portrait,
    refused,
    rekognition,
)
from tests.local.stand_ins.small_aws import SmallAws

MOST_BYTES = 5_242_880


@pytest.fixture
def client(config: ProvidersConfig, http: httpx.Client) -> Iterator[Any]:
    """The root user's; the stand-ins' rules are reset after the test."""
    client = rekognition(config.base_url)
    yield client
    client.close()


def _beside(*pictures: Image.Image) -> Image.Image:
    row = Image.new("RGB", (sum(each.width for each in pictures), max(each.height for each in pictures)))
    left = 0
    for each in pictures:
        row.paste(each, (left, 0))
        left += each.width
    return row


@pytest.mark.parametrize("style", portraits.LOOKS)
@pytest.mark.parametrize("photo", [COLLINS, HOPPER], ids=["collins", "hopper"])
def test_portraits_of_a_person_are_that_person(client: Any, photo: bytes, style: str) -> None:
    (match,) = compare(client, photo, portrait(photo, style))["FaceMatches"]
    assert match["Similarity"] > 99


@pytest.mark.parametrize("style", portraits.LOOKS)
def test_portraits_of_a_stranger_are_not(client: Any, style: str) -> None:
    (match,) = compare(client, COLLINS, portrait(HOPPER, style))["FaceMatches"]
    assert match["Similarity"] < 1


def test_similarity_falls_with_the_distance() -> None:
    assert [round(similarity(apart)) for apart in (0, 0.24, 0.44, 0.5, 0.65, 1.2)] == [100, 100, 92, 50, 0, 0]


def test_without_a_threshold_eighty_counts_and_what_is_below_has_no_score(client: Any) -> None:
    both = encoded(_beside(opened(COLLINS), opened(HOPPER)))
    answer = client.compare_faces(SourceImage={"Bytes": COLLINS}, TargetImage={"Bytes": both})
    (match,), (unmatched,) = answer["FaceMatches"], answer["UnmatchedFaces"]
    assert match["Similarity"] > 99
    assert match["Face"]["BoundingBox"]["Left"] < 0.5 < unmatched["BoundingBox"]["Left"]
    assert "Similarity" not in unmatched


def test_at_a_threshold_of_nothing_every_face_is_a_match_the_most_alike_first(client: Any) -> None:
    both = encoded(_beside(opened(HOPPER), opened(COLLINS)))
    answer = compare(client, COLLINS, both)
    assert [match["Face"]["BoundingBox"]["Left"] > 0.5 for match in answer["FaceMatches"]] == [True, False]
    assert answer["UnmatchedFaces"] == []


def test_of_the_source_the_largest_face_counts(client: Any) -> None:
    small = opened(COLLINS).resize((300, 300))
    answer = compare(client, encoded(_beside(small, opened(HOPPER))), HOPPER)
    assert answer["FaceMatches"][0]["Similarity"] > 99
    assert answer["SourceImageFace"]["BoundingBox"]["Left"] > 0.3


def test_a_face_is_described_in_shares_of_the_picture(client: Any) -> None:
    answer = compare(client, COLLINS, encoded(opened(COLLINS).resize((2048, 2048)), "PNG"))
    source, face = answer["SourceImageFace"], answer["FaceMatches"][0]["Face"]
    assert source["BoundingBox"] == pytest.approx({"Width": 0.17, "Height": 0.23, "Left": 0.35, "Top": 0.12}, abs=0.02)
    assert face["BoundingBox"] == pytest.approx(source["BoundingBox"], abs=0.02)
    at = {mark["Type"]: (mark["X"], mark["Y"]) for mark in face["Landmarks"]}
    assert at["eyeLeft"][0] < at["nose"][0] < at["eyeRight"][0]
    assert max(at["eyeLeft"][1], at["eyeRight"][1]) < at["nose"][1]
    assert 0 < face["Confidence"] <= 100
    assert 0 < face["Quality"]["Brightness"] < 100


def test_a_picture_is_turned_as_its_exif_says(client: Any) -> None:
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[ExifTags.Base.Orientation] = 6  # to be turned by 90 degrees clockwise
    opened(COLLINS).rotate(90, expand=True).save(buffer, "JPEG", exif=exif.tobytes())
    assert compare(client, COLLINS, buffer.getvalue())["FaceMatches"][0]["Similarity"] > 99


@pytest.mark.parametrize("pair", [(COLLINS, nobody()), (nobody(), COLLINS)], ids=["target", "source"])
def test_without_a_face_the_service_says_no_more_than_this(client: Any, pair: tuple[bytes, bytes]) -> None:
    with pytest.raises(client.exceptions.InvalidParameterException) as caught:
        compare(client, *pair)
    assert caught.value.response["Error"]["Message"] == "Request has invalid parameters"
    assert refused(caught.value)[1] == 400


def test_a_face_under_40_pixels_is_none(client: Any) -> None:
    with pytest.raises(client.exceptions.InvalidParameterException):
        compare(client, COLLINS, encoded(opened(COLLINS).resize((200, 200))))


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (encoded(opened(COLLINS), "WEBP"), "InvalidImageFormatException"),
        (encoded(opened(COLLINS), "GIF"), "InvalidImageFormatException"),
        (COLLINS[: len(COLLINS) // 2], "InvalidImageFormatException"),
        (b"no picture", "InvalidImageFormatException"),
        (encoded(Image.new("RGB", (79, 400)), "PNG"), "InvalidParameterException"),
        (encoded(Image.new("RGB", (10_001, 80)), "PNG"), "ImageTooLargeException"),
        (COLLINS.ljust(MOST_BYTES + 1, b"\0"), "ValidationException"),
    ],
    ids=["webp", "gif", "half", "text", "small", "wide", "large"],
)
def test_what_is_no_picture_for_it(client: Any, picture: bytes, code: str) -> None:
    with pytest.raises(ClientError) as caught:
        compare(client, COLLINS, picture)
    assert refused(caught.value) == (code, 400)


def test_five_mebibytes_are_not_too_many(client: Any) -> None:
    assert compare(client, COLLINS, COLLINS.ljust(MOST_BYTES, b"\0"))["FaceMatches"]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDeniedException", 400),
        ("ImageTooLargeException", 400),
        ("InternalServerError", 500),
        ("InvalidImageFormatException", 400),
        ("InvalidParameterException", 400),
        ("InvalidS3ObjectException", 400),
        ("InvalidSignatureException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("ThrottlingException", 500),
        ("UnrecognizedClientException", 400),
    ],
)
def test_an_error_that_was_ordered_is_the_next_answer_only(
    client: Any, rule: Callable[..., None], code: str, status: int
) -> None:
    rule(rekognition=[code])
    with pytest.raises(ClientError) as caught:
        compare(client, COLLINS, COLLINS)
    assert refused(caught.value) == (code, status)
    assert compare(client, COLLINS, COLLINS)["FaceMatches"]


def test_throttled_calls_are_tried_again_by_boto3(
    config: ProvidersConfig, http: httpx.Client, rule: Callable[..., None]
) -> None:
    rule(rekognition=["ThrottlingException", "InternalServerError"])
    patient = rekognition(config.base_url, config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    assert compare(patient, COLLINS, COLLINS)["ResponseMetadata"]["RetryAttempts"] == 2
    assert http.get("/_control").json()["counters"]["rekognition.compare"] == 3
    patient.close()


def test_an_answer_that_is_lost(client: Any, rule: Callable[..., None]) -> None:
    rule(rekognition=["lost"])
    with pytest.raises(ConnectionClosedError):
        compare(client, COLLINS, COLLINS)


def test_an_answer_that_comes_too_late(config: ProvidersConfig, rule: Callable[..., None]) -> None:
    rule(rekognition=[{"hang": 3}])
    hasty = rekognition(config.base_url, config=Config(read_timeout=0.05, retries={"total_max_attempts": 1}))
    with pytest.raises(ReadTimeoutError):
        compare(hasty, COLLINS, COLLINS)
    hasty.close()


def test_a_face_that_is_not_found(client: Any, rule: Callable[..., None]) -> None:
    rule(rekognition="no_face")
    with pytest.raises(client.exceptions.InvalidParameterException):
        compare(client, COLLINS, COLLINS)


def test_a_score_that_was_ordered_is_every_faces(client: Any, rule: Callable[..., None]) -> None:
    rule(rekognition={"similarity": 61.5})
    both = encoded(_beside(opened(COLLINS), ImageOps.mirror(opened(COLLINS))))
    assert [match["Similarity"] for match in compare(client, COLLINS, both)["FaceMatches"]] == [61.5, 61.5]


def test_a_rule_that_is_none(http: httpx.Client) -> None:
    assert http.post("/_control", json={"rekognition": "NoSuchException"}).status_code == 422
    assert http.post("/_control", json={"rekognition": {"similarity": 101}}).status_code == 422


def test_objects_are_fetched_by_the_service_itself(client: Any, aws: SmallAws) -> None:
    aws.objects |= {"/veil-photos/inputs/a.jpg": COLLINS, "/veil-photos/inputs/a.jpg?versionId=7": HOPPER}
    where = {"Bucket": "veil-photos", "Name": "inputs/a.jpg"}
    for stored, alike in ((where, True), ({**where, "Version": "7"}, False)):
        answer = client.compare_faces(
            SourceImage={"S3Object": stored}, TargetImage={"Bytes": COLLINS}, SimilarityThreshold=0
        )
        assert (answer["FaceMatches"][0]["Similarity"] > 80) == alike


def test_an_object_that_is_not_there(client: Any) -> None:
    with pytest.raises(client.exceptions.InvalidS3ObjectException):
        client.compare_faces(
            SourceImage={"S3Object": {"Bucket": "veil-photos", "Name": "none"}}, TargetImage={"Bytes": COLLINS}
        )


def test_an_object_of_more_than_fifteen_mebibytes(client: Any, aws: SmallAws) -> None:
    aws.objects["/veil-photos/large"] = COLLINS.ljust(15 * 1024 * 1024 + 1, b"\0")
    with pytest.raises(client.exceptions.ImageTooLargeException):
        client.compare_faces(
            SourceImage={"S3Object": {"Bucket": "veil-photos", "Name": "large"}}, TargetImage={"Bytes": COLLINS}
        )
