"""The simulator finds what would leave something of who has left, or bring it back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import pytest

from proofs.chaos.simulation.crashes import crash, rehearse
from proofs.chaos.simulation.leaving_scenarios import LEAVING_SCENARIOS
from proofs.chaos.simulation.scenario import Scenario
from veil.adapters.aws.folders import S3Folders
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.domain.erasure import Erasure
from veil.use_cases.end_images import EndImages
from veil.use_cases.end_money import EndMoney
from veil.use_cases.erase import Erase

SCENARIOS = {scenario.name: scenario for scenario in LEAVING_SCENARIOS}


@contextmanager
def an_eraser_that_deletes_what_the_records_name() -> Iterator[None]:
    """The photos alone: of an image that was just put, no record is left."""
    listed = S3Folders._versions

    def named(self: S3Folders, user: str) -> Iterator[dict[str, str]]:
        return (one for one in listed(self, user) if not one["Key"].startswith("results/"))

    with patch.object(S3Folders, "_versions", named):
        yield


@contextmanager
def an_eraser_that_is_done_before_it_looked() -> Iterator[None]:
    def emptied(self: Erase, erasure: Erasure) -> bool:
        self.end_images(erasure.user)
        erasure = self._counted(erasure)
        return self._finished(erasure)

    with patch.object(Erase, "_emptied", emptied):
        yield


@contextmanager
def a_tombstone_that_a_late_write_overwrites() -> Iterator[None]:
    """Whoever reads their credits opens an account, whatever stands there."""

    def opened(self: DynamoAccounts, account: Any, _now: float) -> dict[str, Any]:
        return self._table.put(account)

    with patch.object(DynamoAccounts, "_opened", opened), patch.object(DynamoAccounts, "_require_over", lambda *_: ()):
        yield


@contextmanager
def an_eraser_that_lets_images_run() -> Iterator[None]:
    """What they hold never comes back, and is on no book."""
    with patch.object(EndImages, "__call__", lambda *_: None):
        yield


@contextmanager
def a_payment_that_is_not_kept() -> Iterator[None]:
    with patch.object(EndMoney, "_moved", lambda self, order, _refunds: self.erasures.drop(order)):
        yield


BUGS: dict[Callable[[], AbstractContextManager[None]], tuple[str, str]] = {
    an_eraser_that_deletes_what_the_records_name: ("leaves once images are there", "/0 stands"),
    an_eraser_that_is_done_before_it_looked: ("leaves once images are there", "is called done, and"),
    a_tombstone_that_a_late_write_overwrites: ("leaves at once", "their tombstone was overwritten"),
    an_eraser_that_lets_images_run: ("leaves, and no webhook comes", "is open"),
    a_payment_that_is_not_kept: ("leaves with an open order", "of one who has left, and kept: None"),
}


@pytest.mark.parametrize(("bug", "scenario", "found"), [(bug, *case) for bug, case in BUGS.items()])
def test_a_bug_is_found(bug: Callable[[], AbstractContextManager[None]], scenario: str, found: str) -> None:
    with bug():
        assert found in " ".join(rehearse(SCENARIOS[scenario])[0].violations)


@pytest.mark.parametrize("scenario", LEAVING_SCENARIOS, ids=lambda scenario: scenario.name)
def test_each_crash_leaves_nothing(scenario: Scenario) -> None:
    """Some of them; `make chaos` tries all."""
    score, points = rehearse(scenario)
    assert score.violations == []
    assert score.ends["people erased"] == 1
    assert "eraser" in {name.split(":")[0] for _, name in points}
    for name, crashed in crash(scenario, points[::25]):
        assert crashed.violations == [], name
        assert crashed.ends["people erased"] == 1, name
