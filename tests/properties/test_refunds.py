"""Whatever goes back of an order, in whatever pieces and by whomever: never more than was paid, all with the last."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.orders import order
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderKind, OrderStatus, refundable
from veil.domain.payments import Cancel
from veil.domain.products import LEAST_AMOUNT, MOST_AMOUNT, MOST_CREDITS

priced = st.tuples(st.integers(1, MOST_CREDITS), st.integers(LEAST_AMOUNT, MOST_AMOUNT)).filter(
    lambda price: price[0] <= price[1]
)
parts = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=12)  # outside or ours, and how much of the rest


def ours(one: Order, part: float, number: int) -> Order:
    credits_ = min(one.left, 1 + int(one.left * part))
    if not credits_ or not (amount := one.amount_of(credits_)):
        return one
    assert amount <= one.balance
    refund = OrderRefund("ada", f"rf{number}", one.id, credits_, amount, 0.0)
    return one.withdrawn(0.0).refunded(refund, f"txn_{number}")


def outside(one: Order, part: float, number: int) -> Order:
    amount = min(one.balance, 1 + int(one.balance * part))
    return one.cancelled_outside([Cancel(f"txn_{number}", amount, "")]) if amount else one


@given(priced, parts)
def test_what_goes_back_sums_to_the_price_when_all_credits_are_gone(
    price: tuple[int, int], pieces: list[tuple[bool, float]]
) -> None:
    one = order(credits=price[0], amount=price[1])
    for number, (by_another, part) in enumerate(pieces):
        one = (outside if by_another else ours)(one, part, number)
        assert 0 <= one.refunded_amount <= one.amount
        assert 0 <= one.refunded_credits <= one.credits
        assert (one.left == 0) == (one.balance == 0) == (one.status is OrderStatus.REFUNDED)
    if one.left:
        last = ours(one, 1.0, 99)
        assert (last.left, last.refunded_amount) == (0, one.amount)


@given(priced, st.floats(0, 1), parts)
def test_a_refund_under_way_beside_anothers_cancels_never_gives_too_much(
    price: tuple[int, int], wanted: float, pieces: list[tuple[bool, float]]
) -> None:
    """As long as the provider still has what was asked for: else it is refused."""
    one = order(credits=price[0], amount=price[1])
    credits_ = max(1, int(one.credits * wanted))
    refund = OrderRefund("ada", "rf", one.id, credits_, one.amount_of(credits_), 0.0)
    one = one.withdrawn(0.0)
    for number, (_, part) in enumerate(pieces):
        one = outside(one, part, number)
    if one.balance < refund.amount:
        assert one.refund_refused().left >= 0
        return
    after = one.refunded(refund, "txn_rf")
    assert 0 <= after.refunded_amount <= after.amount
    assert 0 <= after.refunded_credits <= after.credits


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 40)), max_size=6), st.integers(0, 300))
def test_no_credit_is_refundable_twice(bought: list[tuple[bool, int]], available: int) -> None:
    """Of all orders together: what is there, as far as it was paid for."""
    orders = [
        order(
            id=f"{number:02}",
            credits=credits_,
            paid_at=float(number),
            kind=OrderKind.PACK if pack else OrderKind.RENEWAL,
        )
        for number, (pack, credits_) in enumerate(bought)
    ]
    found = sum(refundable(one, orders, available) for one in orders)
    assert found == min(available, sum(one.credits for one in orders))
