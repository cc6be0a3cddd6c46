"""What is owed to others: an event stands from the write that ends the thing until it is told, and once."""

from dataclasses import replace

import pytest

from tests.contract.backends import Backend
from tests.contract.images import BILLED, OUTPUT
from tests.contract.money import NOW, paid, payment_of, placed
from tests.contract.racing import RACES, at_once
from veil.domain.events import order_paid
from veil.domain.generation import Generation
from veil.domain.ports import WorkItem

ODD = NOW + 0.123  # a time of which all three digits are kept
LATER = NOW + 360


def finished(backend: Backend, user: str, *, refunded: int = 0) -> Generation:
    """One that owes an event, so many of its images refunded; due at `ODD`."""
    backend.accounts.open_account(user, 0, NOW)
    one = replace(backend.generation(user, NOW, images=2), announces=True)
    backend.accounts.grant(user, "grant", one.reserved, one.id, NOW)  # type: ignore[arg-type]
    backend.ledger.reserve(one, None, NOW)
    stands = backend.stands(one)
    for image in stands.images:
        seen = backend.stands(one)
        if image.index < refunded:
            assert backend.ledger.refund(seen, image, BILLED, NOW, ODD)
        else:
            assert backend.ledger.capture(seen, image, OUTPUT, NOW, ODD)
    return backend.stands(one)


def events_due(backend: Backend, now: float, event_id: str) -> list[WorkItem]:
    return [item for item in backend.work.due(now) if item.id == event_id]


def test_it_is_stored_with_it_that_a_generation_owes_an_event(backend: Backend, user: str) -> None:
    one = finished(backend, user)
    assert (one.announces, one.announced_at, one.unannounced, one.due_at) == (True, None, True, ODD)
    assert not backend.reserved(f"{user}2", NOW).announces


@pytest.mark.parametrize(("refunded", "due_at"), [(0, None), (1, LATER)])
def test_once_told_it_is_off_the_list_or_waits_to_be_cleaned_up(
    backend: Backend, user: str, refunded: int, due_at: float | None
) -> None:
    one = finished(backend, user, refunded=refunded)
    assert backend.due(one, ODD) == [ODD]
    told = backend.generations.announced(one, ODD, due_at)
    assert told == replace(one, announced_at=ODD, due_at=due_at) == backend.stands(one)
    assert backend.due(one, LATER) == ([] if due_at is None else [due_at])


def test_it_is_told_once(backend: Backend, user: str) -> None:
    """Whoever comes later moves no date: the first one's stands."""
    one = finished(backend, user, refunded=1)
    assert backend.generations.announced(one, ODD, LATER)
    assert backend.generations.announced(one, ODD + 5, LATER + 5) is None
    assert backend.due(one, LATER) == [LATER]


def test_a_sweep_meanwhile_keeps_nothing_on_the_list(backend: Backend, user: str) -> None:
    one = finished(backend, user)
    assert backend.work.lease(WorkItem.of(one, ODD), ODD + 120)
    assert backend.generations.announced(one, ODD, None)
    assert backend.due(one, LATER) == []
    assert backend.work.lease(WorkItem.of(one, ODD + 120), LATER) is None
    assert backend.due(one, LATER) == []


def test_a_deletion_before_it_wins(backend: Backend, user: str) -> None:
    one = finished(backend, user)
    assert backend.generations.begin_delete(one, LATER)
    assert backend.generations.announced(one, ODD, None) is None
    assert not backend.stands(one).unannounced
    assert backend.due(one, LATER) == [LATER]


@RACES
def test_of_two_that_tell_at_once_one_notes_it(backend: Backend, user: str) -> None:
    one = finished(backend, user)
    told = at_once([lambda: backend.generations.announced(one, ODD, None)] * 4)
    assert sum(isinstance(answer, Generation) for answer in told) == 1


def test_a_paid_order_owes_its_event(backend: Backend, user: str) -> None:
    order = paid(backend, user, now=ODD)
    event_id = order.event_id
    assert backend.outbox.get(event_id) == order_paid(order)
    (item,) = events_due(backend, ODD, event_id)
    assert item == WorkItem.of_event(event_id, ODD)
    assert events_due(backend, ODD - 0.001, event_id) == []


def test_an_order_that_is_not_paid_owes_none(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    after = order.paid(payment_of(order), NOW)
    assert backend.orders.save(order.ended("failed", NOW))  # type: ignore[arg-type]
    assert not backend.orders.pay(after, NOW)  # another was first
    assert backend.outbox.get(order.event_id) is None


def test_of_two_sweeps_one_moves_an_event(backend: Backend, user: str) -> None:
    event_id = paid(backend, user, now=ODD).event_id
    (item,) = events_due(backend, ODD, event_id)
    assert backend.work.move(item, ODD + 120)
    assert not backend.work.move(item, ODD + 240)
    assert events_due(backend, ODD + 120, event_id) == [replace(item, due_at=ODD + 120)]


def test_an_event_that_was_told_never_comes_back(backend: Backend, user: str) -> None:
    """A sweep that still has it moves nothing, and telling it again is no error."""
    event_id = paid(backend, user, now=ODD).event_id
    (item,) = events_due(backend, ODD, event_id)
    backend.outbox.told(event_id)
    assert not backend.work.move(item, ODD + 120)
    backend.outbox.told(event_id)
    assert backend.outbox.get(event_id) is None
    assert events_due(backend, LATER, event_id) == []
