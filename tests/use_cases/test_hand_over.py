"""The sweep hands money's work to the charger; a message or a charger that is lost comes again."""

import pytest

from tests.fakes.shop import Shop
from veil.domain.orders import OrderStatus
from veil.domain.ports import StorageUnavailable
from veil.use_cases.hand_over import HANDED_OVER_SECONDS


def test_of_two_sweeps_one_hands_an_item_over(shop: Shop) -> None:
    shop.ordered()
    shop.clock.advance(45 * 60 + 0.1234)
    (item,) = shop.work.due(shop.clock())
    assert shop.hand_over(item)
    assert not shop.hand_over(item)
    (sent,) = shop.queue.items
    assert sent.due_at == round(shop.clock() + HANDED_OVER_SECONDS, 3)
    assert shop.continues[sent.kind](sent)  # its date is the table's
    assert not shop.continues[sent.kind](sent)


@pytest.mark.parametrize("lost", ["queue", "message"])
def test_what_is_lost_is_handed_over_again(shop: Shop, lost: str) -> None:
    order = shop.ordered()
    shop.clock.advance(45 * 60)
    (item,) = shop.work.due(shop.clock())
    if lost == "queue":
        shop.queue.down = True
        with pytest.raises(StorageUnavailable):
            shop.hand_over(item)
        shop.queue.down = False
    else:
        shop.hand_over(item)
        shop.queue.items.clear()
    shop.later(HANDED_OVER_SECONDS - 1)
    assert shop.now(order).status is OrderStatus.CREATED
    shop.later(1)
    assert shop.now(order).status is OrderStatus.EXPIRED
