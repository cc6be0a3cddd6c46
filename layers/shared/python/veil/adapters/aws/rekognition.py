"""Amazon Rekognition compares two faces (`CompareFaces`) and keeps nothing. Limits and errors:
https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CompareFaces.html
"""

from functools import cached_property
from math import isfinite
from typing import Any

from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
)
from botocore.exceptions import ConnectionError as AwsConnectionError
from botocore.parsers import ResponseParserError

from veil.adapters.aws import client as aws
from veil.domain.likeness import FaceComparison, MatcherUnavailable, NotComparable
from veil.domain.ports import FaceMatcher
from veil.domain.predictions import BadOutput

MAX_BYTES = 5 * 2**20
CONTENT_TYPES = ("image/jpeg", "image/png")
# 15 s at the worst, with the waits between: a sweep and a callback outlive it. Throttling is tried again, too.
CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
NEVER = ("InvalidS3ObjectException", "ImageTooLargeException")
NO_ANSWER = (HTTPClientError, AwsConnectionError, IncompleteReadError, NoCredentialsError, ResponseParserError)


class RekognitionMatcher(FaceMatcher):
    """``endpoint_url`` is for the local cloud; None is the region's own."""

    name = "amazon-rekognition"

    def __init__(self, bucket: str, endpoint_url: str | None) -> None:
        self._bucket, self._endpoint_url = bucket, endpoint_url

    @cached_property
    def _client(self) -> Any:
        """Made when the first user who agreed needs it: it costs a process 30 ms."""
        return aws.new_client("rekognition", config=CONFIG, endpoint_url=self._endpoint_url)

    def compare(self, source_key: str, data: bytes, content_type: str) -> FaceComparison:
        if content_type not in CONTENT_TYPES:
            raise NotComparable(content_type)
        if len(data) > MAX_BYTES:
            raise NotComparable(f"{len(data)} bytes")
        try:
            return _found(self._ask(source_key, data))
        except NO_ANSWER as error:
            raise MatcherUnavailable(type(error).__name__) from error
        except ClientError as error:
            return _translated(error)
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # a page, or what is no comparison
            raise MatcherUnavailable(f"answer: {type(error).__name__}") from error

    def _ask(self, source_key: str, data: bytes) -> Any:
        """By default faces below 80 come without their score, and blurred ones not at all: we want every one."""
        return self._client.compare_faces(
            SourceImage={"S3Object": {"Bucket": self._bucket, "Name": source_key}},
            TargetImage={"Bytes": data},
            SimilarityThreshold=0,
            QualityFilter="NONE",
        )


def _found(answer: Any) -> FaceComparison:
    """Raises `ValueError` for a score that is none; botocore, `AttributeError` for a shape that it does not know."""
    scores = [float(each["Similarity"]) for each in answer["FaceMatches"]]
    if not all(map(isfinite, scores)):
        raise ValueError("a score that is no number")
    return FaceComparison(len(scores) + len(answer["UnmatchedFaces"]), max(scores, default=None))


def _translated(error: ClientError) -> FaceComparison:
    """No face is an invalid parameter there, as is a face too small to compare. The photo had one when it was checked,
    so it is the output that has none. What is not known here may pass, and a person is called: no image is lost by it.
    """
    code = error.response["Error"]["Code"]
    if code == "InvalidParameterException":
        return FaceComparison(faces=0, similarity=None)
    if code == "InvalidImageFormatException":
        raise BadOutput("Rekognition reads no picture") from error
    raise (NotComparable if code in NEVER else MatcherUnavailable)(code) from error
