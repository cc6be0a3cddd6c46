"""Somebody leaves: whatever was under way, the same is left of them. Crashes are tried in `test_leaving_bugs`."""

from collections.abc import Callable

import pytest

from proofs.chaos.simulation.users import SimulatedUser
from tests.proofs.chaos.leaving import TOMBSTONE, Left, buy, generate, nothing, play, subscribe


def is_gone(left: Left) -> None:
    """What has to hold, every time."""
    assert left.receipt["status"] == "done"
    (tombstone,) = left.items
    assert tombstone.keys() == TOMBSTONE
    assert left.objects == []
    assert set(left.refused) == {(410, "account_erased")}
    assert all("user" not in pointer for pointer in left.of_partition("ORDER#"))
    assert len(left.of_partition("ERASED#")) == len(left.of_partition("FORMER#")) == 1
    assert left.world.score.violations == []


@pytest.mark.parametrize(("before", "kept"), [(nothing, 1), (generate, 1), (buy, 2), (subscribe, 2)])
def test_the_same_is_left_whatever_was_under_way(before: Callable[[SimulatedUser], None], kept: int) -> None:
    left = play(before, twice=True)
    is_gone(left)
    assert len(left.receipt["kept"]) == kept
    assert len(left.of_partition("RETAINED#")) == kept - 1
