"""The work list of money: orders, refunds, subscriptions and debts, each moved by one sweep alone."""

from dataclasses import replace

import pytest

from tests.contract.backends import Backend
from tests.contract.money import NOW, customer, due, new_subscription, paid, placed, refunding, spend
from tests.contract.racing import RACES, at_once
from veil.domain.orders import OrderStatus
from veil.domain.payments import Cancel
from veil.domain.ports import WorkItem, WorkKind

ODD = NOW + 0.123  # a time of which all three digits are kept


def item_of(backend: Backend, user: str, kind: WorkKind) -> WorkItem:
    """Something of this kind, on the list at `ODD`."""
    match kind:
        case WorkKind.ORDER:
            return WorkItem(kind, user, placed(backend, user, due_at=ODD).id, ODD)
        case WorkKind.REFUND:
            _, refund = refunding(backend, user)
            assert backend.orders.save_refund(replace(refund.tried_again(), due_at=ODD))
            return WorkItem(kind, user, refund.id, ODD)
        case WorkKind.SUBSCRIPTION:
            assert backend.subscriptions.save(new_subscription(user, backend, due_at=ODD))
        case _:
            order = paid(backend, user)
            spend(backend, user, 12)
            after = order.cancelled_outside([Cancel("txn_1", 9_900, "")])
            assert backend.orders.take_back(order, after, customer(backend, user), ODD)
    return WorkItem(kind, user, "", ODD)


KINDS = pytest.mark.parametrize("kind", [WorkKind.ORDER, WorkKind.REFUND, WorkKind.SUBSCRIPTION, WorkKind.CREDITS])


@KINDS
def test_each_kind_comes_back_from_the_list_as_it_is(backend: Backend, user: str, kind: WorkKind) -> None:
    """An id is empty where a user has one of the kind."""
    item = item_of(backend, user, kind)
    assert item in due(backend, user, ODD)
    assert item not in due(backend, user, ODD - 0.001)


@KINDS
def test_of_two_sweeps_one_moves_an_item(backend: Backend, user: str, kind: WorkKind) -> None:
    item = item_of(backend, user, kind)
    assert backend.work.move(item, ODD + 60.0005)
    assert not backend.work.move(item, ODD + 90)
    moved = [one for one in due(backend, user, ODD + 3600) if one.kind is kind]
    assert [one.id for one in moved] == [item.id]
    assert moved[0].due_at == pytest.approx(ODD + 60.0005, abs=0.001)
    assert backend.work.move(moved[0], ODD + 120)


@KINDS
def test_what_is_not_there_is_not_moved(backend: Backend, user: str, kind: WorkKind) -> None:
    id_ = backend.new_id(NOW) if kind in (WorkKind.ORDER, WorkKind.REFUND) else ""
    assert not backend.work.move(WorkItem(kind, user, id_, NOW), NOW + 60)
    assert due(backend, user, NOW + 3600) == []


def test_a_move_changes_nothing_but_the_date(backend: Backend, user: str) -> None:
    """Its version stays, so that whoever has read it may go on with it."""
    order = placed(backend, user, due_at=ODD)
    assert backend.work.move(WorkItem(WorkKind.ORDER, user, order.id, ODD), ODD + 60)
    assert backend.orders.get(user, order.id) == replace(order, due_at=ODD + 60)
    assert backend.orders.save(order.claimed("key", NOW))


def test_what_has_no_date_is_off_the_list(backend: Backend, user: str) -> None:
    order = placed(backend, user, due_at=ODD)
    ended = order.ended(OrderStatus.EXPIRED, NOW)
    assert backend.orders.save(ended)
    assert due(backend, user, ODD + 3600) == []
    assert not backend.work.move(WorkItem(WorkKind.ORDER, user, order.id, ODD), ODD + 60)
    assert backend.orders.save(ended.due(ODD + 5))  # and on it again
    assert due(backend, user, ODD + 5) == [WorkItem(WorkKind.ORDER, user, order.id, ODD + 5)]


@RACES
def test_of_many_sweeps_at_once_one_moves_an_item(backend: Backend, user: str) -> None:
    item = item_of(backend, user, WorkKind.SUBSCRIPTION)
    results = at_once([lambda: backend.work.move(item, ODD + 60)] * 8)
    assert sorted(results, key=str) == [False] * 7 + [True]
