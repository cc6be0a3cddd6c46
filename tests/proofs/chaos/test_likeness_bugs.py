"""The simulator finds what would store another person's face, or compare one without a consent."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from proofs.chaos.simulation.crashes import rehearse
from proofs.chaos.simulation.likeness_scenarios import LIKENESS_SCENARIOS
from proofs.chaos.simulation.scenario import Scenario
from proofs.chaos.simulation.score import Score
from veil.domain.deadlines import Policy
from veil.domain.likeness import FaceComparison, Likeness
from veil.use_cases.check_likeness import CheckLikeness

SCENARIOS = {scenario.name: scenario for scenario in LIKENESS_SCENARIOS}
WITHOUT_CONSENT = Scenario("a visit without a consent to compare")


@contextmanager
def an_unlike_output_that_is_stored() -> Iterator[None]:
    def judged(self: CheckLikeness, found: FaceComparison) -> Likeness:
        return Likeness(self.matcher.name, self.least, int(found.similarity or 0), found.faces)

    with patch.object(CheckLikeness, "_judged", judged):
        yield


@contextmanager
def a_comparison_without_consent() -> Iterator[None]:
    def check(self: CheckLikeness, generation: Any, data: bytes, output: Any) -> Any:
        return self._judged(self.matcher.compare(generation.input_key, data, output.content_type))

    with patch.object(CheckLikeness, "__call__", check):
        yield


@contextmanager
def no_comparison_at_all() -> Iterator[None]:
    with patch.object(CheckLikeness, "__call__", lambda *_: None):
        yield


@contextmanager
def an_unchecked_image_as_soon_as_the_matcher_fails() -> Iterator[None]:
    with patch.object(Policy, "out_of_time", lambda *_: True):
        yield


@contextmanager
def a_refund_at_the_first_unlike_output() -> Iterator[None]:
    with patch.object(Policy, "may_retry", lambda *_: False):
        yield


BUGS: dict[Callable[[], AbstractContextManager[None]], tuple[Scenario, str]] = {
    an_unlike_output_that_is_stored: (SCENARIOS["one output shows a stranger"], "is stored, and shows somebody else"),
    a_comparison_without_consent: (WITHOUT_CONSENT, "was compared without a consent"),
    no_comparison_at_all: (SCENARIOS["all is well, and compared"], "was stored without a comparison"),
    an_unchecked_image_as_soon_as_the_matcher_fails: (
        SCENARIOS["nobody can compare, to the deadline"],
        "is unchecked, and could have been compared",
    ),
    a_refund_at_the_first_unlike_output: (
        SCENARIOS["one output shows a stranger"],
        "was refunded as unlike with an attempt left",
    ),
}


@pytest.mark.parametrize(("bug", "scenario", "found"), [(bug, *case) for bug, case in BUGS.items()])
def test_a_bug_is_found(bug: Callable[[], AbstractContextManager[None]], scenario: Scenario, found: str) -> None:
    with bug():
        assert found in " ".join(rehearse(scenario)[0].violations)


@pytest.mark.parametrize("scenario", [*LIKENESS_SCENARIOS, WITHOUT_CONSENT], ids=lambda scenario: scenario.name)
def test_without_a_bug_there_is_nothing_to_find(scenario: Scenario) -> None:
    assert rehearse(scenario)[0].violations == []


def test_what_came_of_it_is_counted() -> None:
    def score(name: str) -> Score:
        return rehearse(SCENARIOS[name])[0]

    never = score("one image never shows the person")
    assert never.injected == {"likeness a stranger": 1, "likeness no face": 1}
    assert never.ends["images refunded as unlike"] == 1
    assert score("nobody can compare, to the deadline").ends["images stored unchecked"] == 4
