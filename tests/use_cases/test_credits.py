"""An account is opened by whatever sees it first, once."""

from collections.abc import Callable

import pytest

from tests.fakes.world import OFFER, World
from veil.domain.credits import Balance, EntryKind
from veil.use_cases.credits import Credits
from veil.use_cases.generate import Offer

FIRST: dict[str, Callable[[World], object]] = {
    "balance": lambda world: world.credits.balance("ada"),
    "entries": lambda world: world.credits.entries("ada", 20, None),
    "grant": lambda world: world.credits.grant("ada", 1, "order", EntryKind.PURCHASE),
    "generation": lambda world: world.generation("ada"),
}


@pytest.mark.parametrize("first", list(FIRST))
def test_the_welcome_is_granted_once(world: World, first: str) -> None:
    FIRST[first](world)
    for look in FIRST.values():
        look(world)
    entries = world.credits.entries("ada", 50, None).items
    assert [entry.reference for entry in entries if entry.kind is EntryKind.GRANT] == ["welcome"]
    assert sum(entry.amount for entry in entries) == world.credits.balance("ada").available


def test_a_purchase_counts_once(world: World) -> None:
    assert world.credits.grant("ada", 40, "order", EntryKind.PURCHASE)
    assert not world.credits.grant("ada", 40, "order", EntryKind.PURCHASE)
    assert world.balance() == Balance(48, 0)


def test_without_a_welcome_an_account_is_empty() -> None:
    world = World(offer=Offer(OFFER.model, OFFER.images, OFFER.credits_per_image, welcome_credits=0))
    assert world.balance() == Balance(0, 0)
    assert world.credits.entries("ada", 20, None).items == ()
    assert world.credits.grant("ada", 4, "order")
    assert world.generation().status == "processing"


def test_entries_go_on_after_the_last_one_seen(world: World) -> None:
    for number in range(3):
        world.clock.advance(1)
        world.credits.grant("ada", 1, f"order {number}")
    page = world.credits.entries("ada", 2, None)
    assert [entry.reference for entry in page.items] == ["order 2", "order 1"]
    assert [entry.reference for entry in world.credits.entries("ada", 2, page.next).items] == ["order 0", "welcome"]


def test_looking_past_the_end_opens_nothing(world: World) -> None:
    assert Credits(world.accounts, world.clock, 8).entries("ada", 2, world.ids(world.clock())).items == ()
    assert world.store.available == {}
