"""The tombstone: what it refuses, and what still comes back to it; what is retained; and everything in small pages."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from secrets import token_hex
from time import time

import pytest

from local.simulated.dynamodb import DynamoDb
from local.simulated.environment import BUCKET, TABLE
from local.simulated.s3 import S3, Answer
from local.simulated.wire import Sent, answered, divert
from tests.contract.backends import Backend, aws_environment, on_aws
from tests.contract.money import CUSTOMER_KEY, NOW, due, new_order, new_subscription, paid, payment_of, placed
from veil.adapters.aws import client as aws
from veil.adapters.aws.folders import S3Folders
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.erasures import DynamoErasures, DynamoRetainedOrders
from veil.adapters.dynamodb.table import Table, dynamodb
from veil.domain.consents import Consent, ConsentKind
from veil.domain.credits import EntryKind
from veil.domain.erasure import DAY, Erasure, Kept, RetainedOrder
from veil.domain.errors import AccountErased
from veil.domain.events import account_erased, account_erased_id
from veil.domain.outcomes import OUT_OF_TIME
from veil.domain.ports import WorkItem, WorkKind
from veil.domain.uploads import user_folder

TOMBSTONE = ("CREDITS", "ERASURE")


def table() -> Table:
    return Table(dynamodb(), TABLE)


def erasures() -> DynamoErasures:
    return DynamoErasures(table(), lambda user: sha256(user.encode()).hexdigest())


def begun(user: str) -> Erasure:
    erasure = Erasure(user, token_hex(16), NOW, due_at=NOW)
    assert erasures().begin(erasure) == erasure.receipt
    return erasure


@pytest.fixture(scope="module", params=["moto", "simulated"])
def backend(request: pytest.FixtureRequest) -> Backend:
    """The fakes have no tombstone of their own; the local cloud is asked by the walk of the README."""
    made: Backend = request.getfixturevalue(request.param)
    return made


def test_nothing_is_taken_of_who_has_left(backend: Backend, user: str) -> None:
    order = paid(backend, user, credits=12)
    begun(user)
    with pytest.raises(AccountErased):
        backend.accounts.open_account(user, 8, NOW)
    with pytest.raises(AccountErased):
        backend.accounts.grant(user, EntryKind.GRANT, 4, "a gift", NOW)
    with pytest.raises(AccountErased):
        backend.accounts.balance(user, NOW)
    with pytest.raises(AccountErased):
        backend.ledger.reserve(backend.generation(user, NOW), None, NOW)
    with pytest.raises(AccountErased):
        backend.orders.place(new_order(backend, user), CUSTOMER_KEY, None, NOW)
    with pytest.raises(AccountErased):
        backend.subscriptions.take_card(new_subscription(user, backend))
    with pytest.raises(AccountErased):
        backend.consents.decide(
            user, Consent(ConsentKind.THIRD_PARTY_AI, backend.new_id(NOW), "2026-11-26", granted=True, at=NOW), None
        )
    assert (backend.subscriptions.get(user), backend.consents.of(user)) == (None, {})
    found = backend.orders.customer(user)
    assert found is not None
    assert (found.available, found.erased) == (order.credits, True)


def test_nobody_who_was_never_here_can_come(backend: Backend, user: str) -> None:
    begun(user)
    with pytest.raises(AccountErased):
        backend.accounts.open_account(user, 8, NOW)
    with pytest.raises(AccountErased):
        backend.orders.customer_key(user, "key")
    assert backend.ledger.look_up(user, backend.new_id(NOW), None, NOW).available is None
    assert backend.accounts.erased(user, NOW)


def test_what_was_held_or_paid_still_comes_back(backend: Backend, user: str) -> None:
    """The books balance until they are closed."""
    generation = backend.running(user, NOW)
    order = placed(backend, user)
    begun(user)
    assert backend.ledger.refund(generation, generation.images[0], OUT_OF_TIME, NOW, NOW + 60)
    after = order.paid(payment_of(order), NOW)
    assert backend.orders.pay(after, NOW)
    found = backend.orders.customer(user)
    assert found is not None
    assert found.available == 1 + order.credits


def test_it_is_begun_once(backend: Backend, user: str) -> None:
    first = begun(user)
    assert erasures().begin(replace(first, receipt=token_hex(16))) == first.receipt
    assert due(backend, user, NOW) == [WorkItem(WorkKind.ERASURE, user, "", NOW)]


def test_a_debt_is_looked_at_no_more(backend: Backend, user: str) -> None:
    order = paid(backend, user, credits=4)
    backend.ledger.reserve(backend.generation(user, NOW), None, NOW)
    customer = backend.orders.customer(user)
    assert customer is not None
    back = replace(order, refunded_credits=4, refunded_amount=order.amount, version=order.version + 1)
    assert backend.orders.take_back(order, back, customer, NOW)
    begun(user)
    assert WorkKind.CREDITS not in [item.kind for item in due(backend, user, NOW + DAY)]


def finished(user: str) -> Erasure:
    erasure = begun(user)
    counted = erasures().counted(erasure, 3, 7)
    assert erasures().counted(counted, 0, 0).objects == 3  # counted once
    erasures().delete(user, list(erasures().sorts(user, TOMBSTONE)))
    assert erasures().finish(counted, {Kept.FORMER: NOW + 365 * DAY}, NOW + 1, NOW + 360)
    return counted


def test_once_it_is_done(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 8, NOW)
    erasure = finished(user)
    assert not erasures().finish(erasure, {}, NOW + 9, NOW + 999)
    receipt = erasures().receipt(erasure.receipt)
    assert receipt is not None
    assert (receipt.done_at, receipt.objects, receipt.items) == (NOW + 1, 3, 7)
    assert [item.due_at for item in due(backend, user, NOW + DAY)] == [NOW + 360]
    erasures().close(erasure)
    assert list(erasures().sorts(user, ())) == ["CREDITS"]
    assert due(backend, user, NOW + DAY) == []
    hashed = sha256(user.encode()).hexdigest()
    assert table().at(*items.former(hashed)) is not None
    stone = table().at(*items.tombstone_key(hashed))
    assert stone is not None
    assert stone["expires_at"] == int(NOW + 1 + 35 * DAY)


def test_a_tombstone_whose_day_is_over_is_none(backend: Backend, user: str) -> None:
    """Though the TTL has not cleared it yet."""
    finished(user)
    with pytest.raises(AccountErased):
        backend.accounts.open_account(user, 8, NOW + DAY)
    later = NOW + DAY + 2
    assert not backend.accounts.erased(user, later)
    assert backend.accounts.balance(user, later) is None
    backend.accounts.open_account(user, 0, later)
    balance = backend.accounts.balance(user, later)
    assert balance is not None
    assert balance.available == 0


def test_an_order_is_kept_without_its_user(backend: Backend, user: str) -> None:
    order = paid(backend, user)
    begun(user)
    kept = RetainedOrder(
        token_hex(16), order.id, order.kind, order.status, 12, 9_900, order.created_at, order.paid_at, 0, 0
    )
    assert not erasures().retain(replace(order, version=1), kept)
    assert erasures().retain(order, kept)
    assert backend.orders.get(user, order.id) is None
    assert backend.orders.owner(order.id) is None
    orders = DynamoRetainedOrders(table())
    assert orders.retained(order.id) == kept
    orders.money_went_back(kept, 900)
    orders.money_went_back(kept, 100)
    assert orders.retained(order.id) == replace(kept, refunded_amount=900)
    assert not backend.orders.pay(replace(order, version=order.version + 1), NOW)  # it does not come back
    item = table().at(*items.retained_key(kept.id))
    assert item is not None
    assert user not in str(item)
    assert CUSTOMER_KEY not in str(item)


def test_an_order_that_nobody_paid_is_dropped(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    begun(user)
    assert not erasures().drop(replace(order, version=7))
    assert erasures().drop(order)
    assert (backend.orders.get(user, order.id), backend.orders.owner(order.id)) == (None, None)
    assert table().at(*items.pointer(order.id)) is None


@pytest.fixture
def small_pages() -> Iterator[S3]:
    store, s3 = DynamoDb(time, page_items=lambda: 3), S3(time, page_keys=2)

    def exchange(sent: Sent) -> Answer:
        if sent.service == "s3":
            return s3(sent.method, sent.url, sent.headers, sent.body)
        return answered(store, sent)

    with aws_environment():
        for service in ("dynamodb", "s3"):
            divert(aws.client(service), service, exchange)
        yield s3


def test_all_of_it_is_found_in_pages_and_nobody_elses(small_pages: S3) -> None:
    """Ids that begin alike, in the table and in the bucket."""
    backend = on_aws(TABLE, BUCKET)
    people = ("ada", "ada1", "ad")
    for user in people:
        for _ in range(5):
            backend.reserved(user, NOW)
        for kind in ("incoming", "inputs", "results"):
            for number in range(7):
                small_pages.put(f"{kind}/{user_folder(user)}/{number}", {}, b"x")
    folders = S3Folders(aws.client("s3"), BUCKET)
    assert folders.count("ada") == 21
    folders.delete("ada")
    assert [folders.count(user) for user in people] == [0, 21, 21]
    before = len(list(erasures().sorts("ada1", ())))
    erasures().delete("ada", list(erasures().sorts("ada", ())))
    assert [len(list(erasures().sorts(user, ()))) for user in people] == [0, before, before]


def test_its_end_is_owed_to_others_from_the_write_that_makes_it(backend: Backend, user: str) -> None:
    """Under a partition of its own, so the user's stays empty; and the event does not tell the receipt's id."""
    erasure = begun(user)
    event_id = account_erased_id(erasure)
    assert backend.outbox.get(event_id) is None
    assert erasures().finish(erasure, {Kept.FORMER: NOW + 365 * DAY}, NOW, NOW + 360)
    assert backend.outbox.get(event_id) == account_erased(erasure, NOW)
    assert erasure.receipt not in str(account_erased(erasure, NOW).detail)
    assert list(erasures().sorts(user, TOMBSTONE)) == []
    backend.outbox.told(event_id)
    assert not erasures().finish(erasure, {}, NOW, NOW + 360)  # another eraser
    assert backend.outbox.get(event_id) is None
