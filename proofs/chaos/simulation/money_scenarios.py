"""One person's money, and one thing that goes wrong with it: what is played again with a crash at every place."""

from operations.visit import CREDITS
from proofs.chaos.simulation.console import Console
from proofs.chaos.simulation.member import MONTH_SECONDS, Member
from proofs.chaos.simulation.scenario import Scenario
from proofs.chaos.simulation.users import SimulatedUser
from veil.domain.subscriptions import DAY

LOST, _LATE = "answer lost", "given up, and done after that"
_UNKNOWN = "UNKNOWN_PAYMENT_ERROR, and it is done"
_LOST_CARDS = {"toss issue": ["", LOST], "toss delete": [LOST]}
WEEK = 7 * DAY


def buy(user: SimulatedUser) -> None:
    user.buyer.buy("pack_small")
    user.attempt(CREDITS)


def buy_and_refund(user: SimulatedUser) -> None:
    """One credit first, then the rest."""
    if order := user.buyer.buy("pack_small"):
        user.buyer.refund(order["id"], 1)
        user.buyer.refund(order["id"])


def refund_and_be_cancelled(user: SimulatedUser) -> None:
    """A part goes back by our people's hand while the buyer asks for another."""
    if order := user.buyer.buy("pack_small"):
        console = Console(user.world)
        user.world.scheduler.after(0.9, lambda: console.cancel(_payment_of(user, order["id"]), 1000))
        user.buyer.refund(order["id"], 1)


def spend_and_be_cancelled(user: SimulatedUser) -> None:
    """All of it goes back when some of it was spent; what is owed is made good by a gift, and then they buy again."""
    order = user.buyer.buy("pack_small")
    user.generate_once()
    user.generate_some("1")
    user.generate_some("2")
    if order:
        Console(user.world).cancel(_payment_of(user, order["id"]), None)
        user.world.scheduler.pause(DAY)
    user.buyer.buy("pack_small")
    user.buyer.buy("pack_small")


def subscribe(user: SimulatedUser) -> None:
    Member(user).subscribe()


def subscribe_and_stop(user: SimulatedUser) -> None:
    """The plan ends with the month that was paid."""
    member = Member(user)
    member.subscribe()
    member.stop()
    user.world.scheduler.pause(MONTH_SECONDS + DAY)


def renew(user: SimulatedUser) -> None:
    """Two months."""
    Member(user).subscribe()
    user.world.scheduler.pause(MONTH_SECONDS + DAY)


def be_declined(user: SimulatedUser) -> None:
    """The renewal is refused on its day, and paid on one of the next."""
    member = Member(user)
    member.subscribe()
    member.decline("REJECT_CARD_PAYMENT")
    user.world.scheduler.pause(MONTH_SECONDS + 2 * DAY)
    member.decline("ok")
    user.world.scheduler.pause(WEEK)


def change_the_card(user: SimulatedUser) -> None:
    member = Member(user)
    member.subscribe()
    member.subscribe()


def _payment_of(user: SimulatedUser, order_id: str) -> str:
    return user.world.watch.money.orders[order_id].payment_key or ""


MONEY_SCENARIOS = (
    Scenario("a pack is bought", life=buy),
    Scenario("a pack is bought, and the answer is lost", {"toss confirm": [LOST]}, life=buy),
    Scenario("a pack is bought, long after that was given up", {"toss confirm": [_LATE]}, life=buy),
    Scenario("a pack is bought, and Toss knows no better", {"toss answers": [_UNKNOWN]}, deaf=True, life=buy),
    Scenario("a pack is not bought: the card is declined", {"buyer": ["has a card that is declined"]}, life=buy),
    Scenario("a pack is refunded", life=buy_and_refund),
    Scenario("a pack is refunded, and the answer is lost", {"toss cancel": [LOST]}, life=buy_and_refund),
    Scenario(
        "a pack is not refunded: Toss refuses", {"toss answers": ["", "EXCEED_CANCEL_LIMIT"]}, life=buy_and_refund
    ),
    Scenario("a part is cancelled at the console meanwhile", life=refund_and_be_cancelled),
    Scenario(
        "what was spent is cancelled at the console", life=spend_and_be_cancelled, functions=("payments", "charger")
    ),
    Scenario("a plan begins", life=subscribe),
    Scenario("a plan begins, and two answers are lost", {"toss issue": [LOST], "toss charge": [LOST]}, life=subscribe),
    Scenario("a plan renews, and the answer is lost", {"toss charge": ["", LOST]}, life=renew),
    Scenario("a plan renews, long after that was given up", {"toss charge": ["", _LATE]}, deaf=True, life=renew),
    Scenario("a renewal is declined", life=be_declined),
    Scenario("a card is changed", life=change_the_card),
    Scenario("a card is changed, and the answers are lost", _LOST_CARDS, life=change_the_card),
    Scenario("a plan ends", life=subscribe_and_stop),
)
