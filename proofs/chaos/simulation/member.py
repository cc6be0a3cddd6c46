"""A person with the monthly plan: cards that are declined or changed, a plan that is stopped and begun again."""

from collections.abc import Container
from typing import TYPE_CHECKING, Any

from operations.visit import Ask, Json
from proofs.chaos.simulation.buyer import POLL_SECONDS, POLLS, Buyer
from veil.domain.subscriptions import DAY

if TYPE_CHECKING:
    from proofs.chaos.simulation.users import SimulatedUser

MONTHS = 4  # the first charge, and three renewals
MONTH_SECONDS = 30.4 * DAY
BAD_CARDS = ("4330120000000000", "123")  # one that can't be charged, and one that is none
DECLINES = ("REJECT_CARD_PAYMENT", "EXCEED_MAX_AMOUNT", "INVALID_STOPPED_CARD", "NOT_AVAILABLE_PAYMENT")
WHIMS = (
    *("has a card that is declined for a day", "has a card that is declined for a week", "has a card that is blocked"),
    *("changes the card", "changes to a bad card", "loses the card at the console"),
    *("stops", "stops and goes on", "stops and begins again", "changes the card twice at once"),
)


class Member:
    def __init__(self, user: "SimulatedUser") -> None:
        self._user, self._world = user, user.world
        self.buyer: Buyer = user.buyer
        self._random, self._toss = user.world.random, user.world.toss

    def live(self) -> None:
        """Months with the plan, with a whim in most of them, and its end."""
        if self.subscribe() is None:
            return
        for _ in range(MONTHS):
            whim = self._world.weather.draw("member", WHIMS)
            self._pause(0, MONTH_SECONDS / 2)
            self._follow(whim)
            self._buy_something()
            self._pause(MONTH_SECONDS / 2, MONTH_SECONDS / 2 + DAY)
        self.stop()
        self._pause(MONTH_SECONDS, MONTH_SECONDS + DAY)  # until its end

    def subscribe(self, card: str | None = None) -> Json | None:
        """Register a card, and wait for what becomes of it; None where there is no plan."""
        window = self._user.attempt(Ask("POST", "/subscriptions"))
        if window.status_code != 200:
            return None
        customer_key, client_key = window.json()["customer_key"], window.json()["client_key"]
        cards = [card] if card else []
        auth_key = self._toss.core.authorize_billing(customer_key, client_key, *cards)
        body = {"auth_key": auth_key, "customer_key": customer_key}
        self._user.attempt(Ask("POST", "/subscriptions/confirm", body))
        return self.wait()

    def stop(self) -> None:
        self._user.attempt(Ask("DELETE", "/subscriptions/current"))

    def wait(self, until: Container[str] = frozenset({"registering"})) -> Json | None:
        """Look at the plan until nothing is under way."""
        for _ in range(POLLS):
            self._pause(*POLL_SECONDS)
            answer = self._user.attempt(Ask("GET", "/subscriptions/current"))
            if answer.status_code == 410:  # they have left
                return None
            if answer.status_code == 200 and answer.json()["status"] not in until:
                found: Json = answer.json()
                return found
        return None

    def _follow(self, whim: str) -> None:
        match whim:
            case "has a card that is declined for a day":
                self._declined_for(self._random.uniform(0.5, 2) * DAY + MONTH_SECONDS / 2)
            case "has a card that is declined for a week":
                self._declined_for(self._random.uniform(4, 20) * DAY + MONTH_SECONDS / 2)
            case "has a card that is blocked":
                self.decline(self._random.choice(DECLINES))
            case "changes the card" | "stops and goes on" | "stops and begins again" | "changes the card twice at once":
                self._change(whim)
            case "changes to a bad card":
                self.subscribe(self._random.choice(BAD_CARDS))
            case "loses the card at the console":
                self._lose_the_card()
            case "stops":
                self.stop()

    def _change(self, whim: str) -> None:
        if "stops" in whim:
            self.stop()
            self._pause(0, 1.5 * MONTH_SECONDS if "again" in whim else DAY)
        if "twice" in whim:
            self._world.scheduler.after(self._random.uniform(0, 2), self.subscribe)
        self.subscribe()

    def _declined_for(self, seconds: float) -> None:
        self.decline(self._random.choice(DECLINES))
        self._world.scheduler.after(seconds, lambda: self.decline("ok"))

    def decline(self, code: str) -> None:
        """What their cards answer from now on."""
        for key in self._keys():
            self._toss.core.card(code, key)

    def _lose_the_card(self) -> None:
        for billing_key in self._keys()[-1:]:
            if billing_key in self._toss.live_keys():
                self._toss.core.delete_billing_from_console(billing_key)

    def _keys(self) -> list[str]:
        plan = self._world.watch.money.subscriptions.get(self._user.name)
        return self._toss.keys.get(plan.customer_key, []) if plan else []

    def _buy_something(self) -> Any:
        """Beside the plan: a pack, or a photo's images; sometimes one's money back."""
        if self._random.random() < 0.4:
            self.buyer.buy("pack_small")
        if self._random.random() < 0.3:
            self._user.generate_some(f"{self._random.randrange(10**6)}")
        if self.buyer.order_ids and self._random.random() < 0.3:
            self.buyer.refund(self.buyer.order_ids.pop())
        if self._random.random() < 0.2:
            self._refund_the_month()

    def _refund_the_month(self) -> None:
        answer = self._user.attempt(Ask("GET", "/orders?limit=5"))
        orders = answer.json()["items"] if answer.status_code == 200 else []
        for order in orders:
            if order["product"].startswith("plan") and order["refundable"]["credits"]:
                self.buyer.refund(order["id"])
                return

    def _pause(self, least: float, most: float) -> None:
        self._world.scheduler.pause(self._random.uniform(least, most))
