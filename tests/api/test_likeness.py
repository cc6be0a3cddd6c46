"""What a client sees of the likeness check, and what a provider is answered; the matcher is a fake."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import boto3
import pytest

from local.photos.make import encode, noise
from local.simulated.environment import BUCKET
from operations import visit
from tests.fakes.matcher import STRANGER, FakeMatcher
from tests.support.callbacks import Callbacks
from tests.support.driver import is_problem
from tests.support.functions import Call, Ready
from tests.support.wire import Reply, Wire
from veil.api.words import IMAGE_ERRORS
from veil.domain.consents import ConsentKind, latest
from veil.domain.generation import ImageError
from veil.domain.likeness import FaceComparison, MatcherUnavailable, NotComparable

JPEG = encode(noise(), "JPEG")
FACES = ConsentKind.FACE_COMPARISON


@pytest.fixture
def matcher(functions: dict[str, ModuleType]) -> Iterator[FakeMatcher]:
    check = functions["webhook"].bootstrap.check_likeness
    real, fake = check.matcher, FakeMatcher()
    object.__setattr__(check, "matcher", fake)
    yield fake
    object.__setattr__(check, "matcher", real)


@pytest.fixture
def generation(call: Call, ready: Ready, outputs: Wire, matcher: FakeMatcher) -> str:
    """One of a user who agreed to the comparison."""
    outputs.answer(Reply(200, JPEG))
    ask = visit.decide(FACES, latest(FACES), granted=True)
    assert call("gallery", ask.method, ask.url, ask.json).status == 200
    generation_id: str = call("generations", "POST", "/generations", ready.body).json["id"]
    return generation_id


@pytest.fixture
def told(generation: str, callbacks: Callable[[str], Callbacks]) -> Callbacks:
    return callbacks(generation)


def _image(call: Call, generation: str, index: int = 0) -> Any:
    return call("gallery", "GET", f"/generations/{generation}", headers={"accept-language": "en"}).json["images"][index]


def test_a_score(call: Call, generation: str, told: Callbacks, outputs: Wire) -> None:
    assert _image(call, generation)["likeness"] is None
    assert told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    image = _image(call, generation)
    assert (image["status"], image["likeness"]) == ("stored", {"score": 97, "status": "verified"})


def test_somebody_else(call: Call, generation: str, told: Callbacks, outputs: Wire, matcher: FakeMatcher) -> None:
    matcher.usual = STRANGER
    assert told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    assert _image(call, generation)["status"] in ("queued", "running")
    matcher.usual = NotComparable("image/webp")
    assert told.tell(1, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    assert _image(call, generation, 1)["likeness"] == {"score": None, "status": "unchecked"}


def test_a_matcher_that_is_down(
    call: Call, generation: str, told: Callbacks, outputs: Wire, matcher: FakeMatcher
) -> None:
    matcher.usual = MatcherUnavailable("ThrottlingException")
    is_problem(told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg"), 503, "temporarily_unavailable")
    assert _image(call, generation)["status"] == "running"
    matcher.usual = FaceComparison(1, 80.0)
    assert told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    assert _image(call, generation)["likeness"] == {"score": 80, "status": "verified"}


def test_the_object_says_what_was_found_of_it(generation: str, told: Callbacks, outputs: Wire, call: Call) -> None:
    """So that whoever finds it there records its own score, and not another attempt's."""
    assert told.tell(0, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
    found = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]
    (key,) = [each for each in found if each.endswith(f"/{generation}/0")]
    about = boto3.client("s3").head_object(Bucket=BUCKET, Key=key)["Metadata"]
    assert about["likeness"] == '{"matcher": "fake", "threshold": 80, "score": 97, "faces": 1}'


def test_words_say_that_the_credit_is_back() -> None:
    words = IMAGE_ERRORS[ImageError.UNLIKE]
    assert "크레딧은 돌려드렸" in words.ko
    assert "given back" in words.en
