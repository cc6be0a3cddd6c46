"""Whom Replicate's stand-in shows, as Rekognition's sees it: the person, a stranger, both, nobody."""

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import replicate
from PIL import Image

from local.demo import show_a_stranger
from local.stand_ins import ProvidersConfig
from local.stand_ins.control import Control
from local.stand_ins.faults import Outcome, OutcomeKind
from local.stand_ins.portraits import Portrait
from local.stand_ins.predictions import Prediction
from local.stand_ins.runner import Runner
from local.stand_ins.subjects import subject
from tests.local.stand_ins.rekognition_calls import COLLINS, MODEL, compare, rekognition
from tests.local.stand_ins.test_runner import CONFIG

STYLES = ("classic", "cinematic")


@pytest.fixture
def judge(config: ProvidersConfig) -> Iterator[Any]:
    judge = rekognition(config.base_url)
    yield judge
    judge.close()


@pytest.fixture
def rendered(client: replicate.Client, http: httpx.Client, receiver: Any) -> Callable[..., bytes]:
    """The output of a prediction from the shipped photo."""

    def made(style: str) -> bytes:
        given = {"prompt": style, "output_format": "jpg", "image_prompt": receiver.photo_url}
        prediction = client.models.predictions.create(model=MODEL, input=given)
        pause = threading.Event()
        while (shown := client.predictions.get(prediction.id)).status in {"starting", "processing"}:
            pause.wait(0.02)
        return http.get(str(shown.output)).raise_for_status().content

    return made


def _scores(judge: Any, output: bytes) -> list[float]:
    return [match["Similarity"] for match in compare(judge, COLLINS, output)["FaceMatches"]]


@pytest.mark.parametrize("style", STYLES)
def test_the_next_rendering_is_of_a_stranger_and_the_one_after_it_is_not(
    judge: Any, rendered: Callable[..., bytes], rule: Callable[..., None], style: str
) -> None:
    rule(replicate={"outcome": ["stranger"]})
    ((unlike,), (like,)) = (_scores(judge, rendered(style)) for _ in range(2))
    assert unlike < 1
    assert like > 99


@pytest.mark.parametrize("style", STYLES)
def test_two_people_are_the_person_and_a_stranger(
    judge: Any, rendered: Callable[..., bytes], rule: Callable[..., None], style: str
) -> None:
    rule(replicate={"outcome": "two_people"})
    like, unlike = _scores(judge, rendered(style))
    assert like > 80
    assert unlike < 1


@pytest.mark.parametrize("style", STYLES)
def test_nobody(judge: Any, rendered: Callable[..., bytes], rule: Callable[..., None], style: str) -> None:
    rule(replicate={"outcome": "no_face"})
    with pytest.raises(judge.exceptions.InvalidParameterException):
        compare(judge, COLLINS, rendered(style))


async def _rendered_until(monkeypatch: pytest.MonkeyPatch, decided: OutcomeKind) -> list[str]:
    """Whom a running prediction was rendered with, when it is decided after its first rendering."""
    shown: list[str] = []
    control, first = Control(), asyncio.Event()
    control.faults = control.faults.merged({"replicate": {"queue": 0, "latency": 0, "outcome": "never"}})
    runner = Runner(CONFIG, control)

    async def render(_: object, prediction: Prediction) -> Portrait:
        shown.append(subject(prediction.outcome))
        first.set()
        return Portrait(b"a picture", "image/jpeg", "jpg")

    prediction = Prediction(MODEL, {"prompt": "classic"}, "http://127.0.0.1:1/hook", frozenset({"completed"}))
    ended = asyncio.Event()
    async with runner.running():
        monkeypatch.setattr(runner._renderer, "render", render)
        monkeypatch.setattr(runner.webhooks, "deliver", lambda _: _set(ended))
        runner.start(prediction)
        await first.wait()
        runner.decide(prediction, Outcome(kind=decided))
        await ended.wait()
    return shown


async def _set(event: asyncio.Event) -> None:
    event.set()


def test_whom_it_shows_is_decided_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asyncio.run(asyncio.wait_for(_rendered_until(monkeypatch, "stranger"), 5)) == ["person", "stranger"]
    assert asyncio.run(asyncio.wait_for(_rendered_until(monkeypatch, "succeeded"), 5)) == ["person"]


def test_a_stranger_that_is_remembered_is_not_taken_for_the_person(
    judge: Any, rendered: Callable[..., bytes], rule: Callable[..., None]
) -> None:
    rule(replicate={"remember": True, "outcome": ["stranger", None, "stranger"]})
    outputs = [rendered("classic") for _ in range(3)]
    assert outputs[0] == outputs[2]
    assert _scores(judge, outputs[1])[0] > 99


def test_it_is_a_picture_of_the_size_that_was_asked_for(
    rendered: Callable[..., bytes], rule: Callable[..., None]
) -> None:
    sizes = []
    for outcome in ("succeeded", "stranger", "two_people", "no_face"):
        rule(replicate={"outcome": outcome})
        sizes.append(Image.open(io.BytesIO(rendered("classic"))).size)
    assert len(set(sizes)) == 1


def test_of_the_demos_images_one_is_a_stranger_and_so_is_the_one_that_is_tried_for_it(
    config: ProvidersConfig, judge: Any, rendered: Callable[..., bytes]
) -> None:
    show_a_stranger(config.base_url)
    scores = [_scores(judge, rendered("classic"))[0] for _ in range(6)]
    assert [score < 1 for score in scores] == [True, False, False, False, True, False]
