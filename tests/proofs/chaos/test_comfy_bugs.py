"""The simulator finds what a model of one's own must not cost: an image, or a photo that stays there, or its token."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from proofs.chaos.simulation.comfy_scenarios import COMFY_SCENARIOS
from proofs.chaos.simulation.crashes import rehearse
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import simulate
from proofs.chaos.simulation.weather import ALWAYS, OWN, Weather
from veil.adapters.providers.comfy import ComfyProvider
from veil.adapters.providers.comfy_wire import Time
from veil.adapters.providers.output_fetcher import HttpOutputFetcher
from veil.domain.predictions import PredictionRequest
from veil.use_cases.ask import Ask
from veil.use_cases.forget import Forget
from veil.use_cases.start import StartQueued

SCENARIOS = {scenario.name.removeprefix("own model: "): scenario for scenario in COMFY_SCENARIOS}


@contextmanager
def photos_that_stay() -> Iterator[None]:
    with patch.object(Forget, "__call__", lambda *_: None):
        yield


@contextmanager
def a_refusal_that_is_refunded() -> Iterator[None]:
    with patch.object(StartQueued, "_elsewhere", lambda *_: []):
        yield


@contextmanager
def another_persons_photo() -> Iterator[None]:
    right = ComfyProvider._push

    def push(self: ComfyProvider, request: PredictionRequest, _: bytes, time: Time) -> str:
        return right(self, request, b"somebody else", time)

    with patch.object(ComfyProvider, "_push", push):
        yield


@contextmanager
def a_token_for_everybody() -> Iterator[None]:
    right = HttpOutputFetcher._download

    def download(self: HttpOutputFetcher, url: str, token: Any = None) -> bytes:
        (credential,) = self._own.values()
        shown: bytes = credential.call(lambda headers: right(self, url, headers), refused=lambda _: False)
        return shown

    with patch.object(HttpOutputFetcher, "_download", download):
        yield


@contextmanager
def a_lost_start_that_nobody_looks_for() -> Iterator[None]:
    with patch.object(Ask, "_found", lambda _self, generation, _image: generation):
        yield


BUGS: dict[Callable[[], AbstractContextManager[None]], tuple[str, str]] = {
    photos_that_stay: ("all is well", "photos are left at comfy, and nothing went wrong"),
    a_refusal_that_is_refunded: ("its weights are missing", "was refunded, and only the own model went wrong"),
    another_persons_photo: ("all is well", "was begun with another's photo"),
    a_token_for_everybody: ("its queue is full", "was shown comfy's token"),
}


@pytest.mark.parametrize(("bug", "scenario", "found"), [(bug, *case) for bug, case in BUGS.items()])
def test_a_bug_is_found(bug: Callable[[], AbstractContextManager[None]], scenario: str, found: str) -> None:
    with bug():
        assert found in " ".join(rehearse(SCENARIOS[scenario])[0].violations)


def test_a_start_is_found_by_its_key_and_not_made_again() -> None:
    def stored(bug: AbstractContextManager[None]) -> int:
        with bug:
            return rehearse(SCENARIOS["its proxy is killed while it begins"])[0].ends["images stored by poll"]

    assert stored(patch.dict({})) == 4
    assert stored(a_lost_start_that_nobody_looks_for()) == 2


@pytest.mark.parametrize("scenario", COMFY_SCENARIOS, ids=lambda scenario: scenario.name)
def test_without_a_bug_there_is_nothing_to_find(scenario: Any) -> None:
    score, _ = rehearse(scenario)
    assert score.violations == []
    assert score.unended == 0


def test_whatever_goes_wrong_with_it_costs_nobody_an_image() -> None:
    """Most of its calls and jobs fail, and nothing else does."""

    def weather(random: Random, score: Score) -> Weather:
        return Weather(random, score, {**dict.fromkeys(OWN, 0.35), "own model": ALWAYS})

    score = simulate("own model", 24, weather)
    assert score.violations == []
    assert score.ends["generations completed"] == score.generations >= 24
    assert score.ends["photos deleted at comfy"]
