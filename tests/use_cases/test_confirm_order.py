"""Confirm: paid once, whoever comes twice, whatever answer is lost, and never with another's money."""

import pytest

from tests.fakes.payments import CONFIRMABLE_SECONDS, Lost, answered, still_running
from tests.fakes.shop import WELCOME, Shop
from veil.domain.declines import Decline
from veil.domain.errors import OrderConflict, OrderExpired, OrderNotFound, PaymentDeclined
from veil.domain.orders import Order, OrderStatus
from veil.domain.payments import PaymentStatus

CREATED, CONFIRMING, PAID, REFUNDING, REFUNDED, FAILED, EXPIRED, REVIEW = OrderStatus


def authenticated(shop: Shop) -> tuple[Order, str]:
    order = shop.ordered()
    return order, shop.toss.authenticate(order.id, order.amount)


def confirm(shop: Shop, order: Order, key: str, amount: int | None = None) -> Order:
    return shop.confirm(order.user, order.id, key, order.amount if amount is None else amount)[0]


def test_an_order_is_paid_and_its_credits_are_given(shop: Shop) -> None:
    order, key = authenticated(shop)
    after, just_now = shop.confirm(shop.user, order.id, key, 9_900)
    assert (after.status, just_now, after.payment_key) == (PAID, True, key)
    assert shop.available == WELCOME + 12
    assert shop.now(order) == after
    assert (shop.telemetry.total("OrdersPaid"), shop.telemetry.total("MoneyIn")) == (1, 9_900)


def test_a_reload_is_harmless(shop: Shop) -> None:
    order, key = authenticated(shop)
    confirm(shop, order, key)
    for _ in range(3):
        after, just_now = shop.confirm(shop.user, order.id, key, 9_900)
        assert (after.status, just_now) == (PAID, False)
    assert shop.toss.count("confirm") == 1
    assert shop.available == WELCOME + 12


def test_two_tabs_with_one_payment_ask_once(shop: Shop) -> None:
    """The second comes while the first waits for its answer."""
    order, key = authenticated(shop)
    seen: list[OrderStatus] = []
    shop.toss.meanwhile["confirm"] = lambda: seen.append(confirm(shop, order, key).status)
    assert confirm(shop, order, key).status is PAID
    assert seen == [CONFIRMING]
    assert shop.toss.count("confirm") == 1


def test_of_two_tabs_with_two_payments_one_is_confirmed(shop: Shop) -> None:
    order, first = authenticated(shop)
    second = shop.toss.authenticate(order.id, order.amount)
    confirm(shop, order, first)
    with pytest.raises(OrderConflict):
        confirm(shop, order, second)
    assert shop.toss.payments[second].status is PaymentStatus.IN_PROGRESS  # it expires, and is never charged
    assert shop.available == WELCOME + 12


def test_of_two_tabs_that_claim_at_once_the_second_is_told(shop: Shop) -> None:
    order, first = authenticated(shop)
    second = shop.toss.authenticate(order.id, order.amount)

    def other_tab() -> None:
        with pytest.raises(OrderConflict):
            confirm(shop, order, second)

    shop.toss.meanwhile["confirm"] = other_tab
    assert confirm(shop, order, first).status is PAID


@pytest.mark.parametrize("same", [True, False])
def test_a_tab_that_read_the_order_before_the_other_claimed_it(
    shop: Shop, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, first = authenticated(shop)
    second = first if same else shop.toss.authenticate(order.id, order.amount)
    read = shop.orders.get

    def overtaken(user: str, order_id: str) -> Order | None:
        seen = read(user, order_id)
        monkeypatch.undo()
        confirm(shop, order, first)
        return seen

    monkeypatch.setattr(shop.orders, "get", overtaken)
    if same:
        assert confirm(shop, order, second).status is PAID
    else:
        with pytest.raises(OrderConflict):
            confirm(shop, order, second)
    assert (shop.toss.count("confirm"), shop.available) == (1, WELCOME + 12)


@pytest.mark.parametrize("way", ["poll", "sweep"])
@pytest.mark.parametrize("second_look", [True, False])
def test_anothers_charged_payment_is_found_foreign_by_a_read(shop: Shop, way: str, second_look: bool) -> None:
    """The answer to the confirm was lost, so that nobody has refused it yet."""
    key = shop.paid().payment_key or ""
    order = shop.ordered()
    shop.toss.faults["confirm"].append(Lost.BEFORE)
    assert confirm(shop, order, key).status is CONFIRMING
    if way == "poll":
        with pytest.raises(OrderConflict):
            confirm(shop, order, key)
    else:
        shop.later(60)
    assert (shop.now(order).status, shop.now(order).decline) == (FAILED, None)
    if second_look:
        shop.later(24 * 3600)
        assert (shop.now(order).status, shop.now(order).due_at) == (FAILED, None)
    assert (shop.toss.count("confirm"), shop.available) == (2, WELCOME + 12)


@pytest.mark.parametrize("amount", [0, 1, 9_899, 9_901, 100])
def test_another_amount_than_the_price_is_not_even_asked_for(shop: Shop, amount: int) -> None:
    order, key = authenticated(shop)
    with pytest.raises(OrderConflict):
        confirm(shop, order, key, amount)
    assert (shop.now(order).status, shop.toss.asked) == (CREATED, [])
    assert confirm(shop, order, key).status is PAID


def test_a_payment_of_less_than_the_price_gives_nothing(shop: Shop) -> None:
    """The window was opened with another amount; what we confirm is our price."""
    order = shop.ordered()
    key = shop.toss.authenticate(order.id, 100)
    assert confirm(shop, order, key).status is CONFIRMING
    assert shop.telemetry.total("PaymentProviderRefused") == 1
    shop.later(20 * 60)
    assert shop.now(order).status is EXPIRED
    assert shop.available == WELCOME


@pytest.mark.parametrize("order_id", ["", "nothing", "01JD8QK2Z0000000000000000R"])
def test_what_is_not_there_is_not_found(shop: Shop, order_id: str) -> None:
    with pytest.raises(OrderNotFound):
        shop.confirm(shop.user, order_id, "tgen_1", 9_900)


def test_anothers_order_is_not_found(shop: Shop) -> None:
    order, key = authenticated(shop)
    with pytest.raises(OrderNotFound):
        shop.confirm("bob", order.id, key, 9_900)
    assert shop.now(order).status is CREATED


def test_a_charge_of_the_plan_can_not_be_confirmed(shop: Shop) -> None:
    shop.subscribed()
    (renewal,) = shop.renewals()
    with pytest.raises(OrderNotFound):
        confirm(shop, renewal, renewal.payment_key or "")


def test_anothers_payment_pays_for_nothing(shop: Shop) -> None:
    """Bob's, still to be confirmed: it stays his."""
    bobs = shop.place("bob", "pack_medium", None)[0].order
    key = shop.toss.authenticate(bobs.id, bobs.amount)
    order = shop.ordered()
    with pytest.raises(OrderConflict):
        confirm(shop, order, key)
    assert (shop.now(order).status, shop.available) == (FAILED, WELCOME)
    assert shop.confirm("bob", bobs.id, key, bobs.amount)[0].status is PAID


def test_a_payment_that_was_charged_pays_for_no_second_order(shop: Shop) -> None:
    """A success page that is replayed with another order's id."""
    first = shop.paid()
    order = shop.ordered()
    with pytest.raises(OrderConflict):
        confirm(shop, order, first.payment_key or "")
    for _ in range(5):
        shop.later(24 * 3600)
    assert (shop.now(order).status, shop.available) == (FAILED, WELCOME + 12)


def test_a_declined_card_is_told_of_each_time(shop: Shop) -> None:
    order, key = authenticated(shop)
    shop.decline(Decline.LIMIT_EXCEEDED)
    for _ in range(2):
        with pytest.raises(PaymentDeclined) as declined:
            confirm(shop, order, key)
        assert declined.value.decline is Decline.LIMIT_EXCEEDED
    assert shop.toss.count("confirm") == 1
    assert (shop.now(order).status, shop.available) == (FAILED, WELCOME)


@pytest.mark.parametrize("late", [False, True])
def test_a_window_that_timed_out(shop: Shop, late: bool) -> None:
    """More than ten minutes after the customer came back, or with a key that never was."""
    order, key = authenticated(shop)
    shop.clock.advance(CONFIRMABLE_SECONDS + 1 if late else 0)
    for _ in range(2):
        with pytest.raises(OrderExpired):
            confirm(shop, order, key if late else "tgen_nothing")
    assert (shop.now(order).status, shop.available) == (EXPIRED, WELCOME)


@pytest.mark.parametrize(
    ("fault", "attempt", "status"),
    [
        (Lost.BEFORE, 1, CONFIRMING),
        (Lost.AFTER, 1, CONFIRMING),
        (still_running(), 1, CONFIRMING),
        (answered(), 2, CONFIRMING),
    ],
    ids=str,
)
def test_what_is_not_known_is_asked_for(shop: Shop, fault: Lost | Exception, attempt: int, status: OrderStatus) -> None:
    """The same key again after silence, a new one after an error: Toss binds its errors to the key."""
    order, key = authenticated(shop)
    shop.toss.faults["confirm"].append(fault)
    after = confirm(shop, order, key)
    assert (after.status, after.attempt) == (status, attempt)
    assert shop.now(order) == after
    shop.later(60)
    assert shop.now(order).status is PAID
    assert shop.available == WELCOME + 12
    assert confirm(shop, order, key).status is PAID


def test_a_poll_finds_what_the_first_answer_did_not_tell(shop: Shop) -> None:
    order, key = authenticated(shop)
    shop.toss.faults["confirm"].append(Lost.AFTER)
    assert confirm(shop, order, key).status is CONFIRMING
    after, just_now = shop.confirm(shop.user, order.id, key, 9_900)
    assert (after.status, just_now) == (PAID, False)
    assert shop.toss.count("confirm") == 1


@pytest.mark.parametrize("trouble", [answered(), Lost.BEFORE])
def test_a_poll_that_toss_does_not_answer_is_still_confirming(shop: Shop, trouble: Lost | Exception) -> None:
    order, key = authenticated(shop)
    shop.toss.faults["confirm"].append(Lost.AFTER)
    confirm(shop, order, key)
    shop.toss.faults["read"].append(trouble)
    assert confirm(shop, order, key).status is CONFIRMING


def test_an_order_that_timed_out_is_not_confirmed(shop: Shop) -> None:
    order = shop.ordered()
    shop.later(45 * 60)
    key = shop.toss.authenticate(order.id, order.amount)
    with pytest.raises(OrderExpired):
        confirm(shop, order, key)
    assert shop.toss.asked == []
