"""A person who leaves, at any moment of what they have begun; another device of theirs goes on, and hears of it by the
answers.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from operations import visit
from operations.visit import Ask
from proofs.chaos.simulation.member import Member

if TYPE_CHECKING:
    from proofs.chaos.simulation.users import SimulatedUser

MOMENTS = ((0, 20), (0, 200), (0, 4000))  # seconds from the first thing that they do
POLL_SECONDS, POLLS = (20, 600), 300
SIGNED_IN_AGO = 3600.0
URL_SECONDS = 280  # for which an upload's URL is used here; it is good for five minutes
SHARE = 0.5
GONE = (
    Ask("GET", "/credits"),
    Ask("GET", "/credits/entries"),
    Ask("GET", "/generations"),
    Ask("GET", "/consents"),
    Ask("POST", "/uploads", {"content_type": "image/jpeg", "size": 5}),
    Ask("POST", "/generations", {"upload_id": "01KANE3T7Q8Z9A1B2C3D4E5F6G", "style": "classic"}),
    Ask("POST", "/orders", {"product": "pack_small"}),
    Ask("GET", "/orders"),
    Ask("POST", "/subscriptions"),
    Ask("GET", "/subscriptions/current"),
)
SAYS_SO = (410, 429, 503, 504)  # or that it can't be told now


class Leaver:
    """``receipt`` is that of their erasure, once they know it."""

    def __init__(self, user: "SimulatedUser") -> None:
        self._user, self._world, self._random = user, user.world, user.world.random
        self.receipt: str | None = None

    def live(self) -> None:
        """Do one thing, and leave at a moment of it."""
        lives = (self._user.live, self._buy, self._buy_and_refund, self._subscribe)
        self.live_so(self._random.choice(lives), self._random.uniform(*self._random.choice(MOMENTS)))

    def live_so(self, life: Callable[[], object], seconds: float) -> None:
        """Leave so many seconds after the beginning of this."""
        self._world.scheduler.after(seconds, self.leave)
        life()
        while self.receipt is None:
            self._world.scheduler.pause(30)
        self.wait()

    def leave(self) -> None:
        """As a client does it: it signs in again, repeats it until there is an answer, and has a photo on its way."""
        place = None
        if self._random.random() < SHARE:
            place = self._user.attempt(visit.ask_upload(self._user.photo.data, self._user.photo.content_type))
        asked_at = self._world.now()
        if self._random.random() < SHARE:
            self._world.scheduler.after(self._random.uniform(0, 1), self._ask)
        self.receipt = self._ask()
        if place is not None and place.status_code == 201:
            seconds = max(0, asked_at + self._random.uniform(0, URL_SECONDS) - self._world.now())
            put = visit.put_photo(place.json(), self._user.photo.data)
            if self._world.now() + seconds < asked_at + URL_SECONDS:
                self._world.scheduler.after(seconds, lambda: self._user.attempt(put))

    def wait(self) -> None:
        """Look at the receipt until it is done; then try what may no longer be."""
        for _ in range(POLLS):
            answer = self._user.attempt(Ask("GET", f"/erasures/{self.receipt}"))
            if answer.is_success and answer.json()["status"] == "done":
                break
            self._world.scheduler.pause(self._random.uniform(*POLL_SECONDS))
        else:
            return
        self._user.erased = True
        for ask in GONE:
            answer = self._user.attempt(ask)
            if answer.status_code not in SAYS_SO:
                self._world.score.violation(f"{ask} answered {answer.status_code} to one who was erased")

    def _ask(self) -> str:
        """The receipt, the same however often it is asked for."""
        while True:
            answer = self._user.attempt(visit.leave())
            code = answer.json().get("code")
            if answer.status_code == 202:
                receipt = str(answer.json()["receipt"])
                if self.receipt not in (None, receipt):
                    self._world.score.violation(f"{self._user.name} has two receipts")
                return receipt
            if code == "sign_in_again":
                self._user.signed_in_at = self._world.now()
            elif code != "no_answer":
                self._world.score.violation(f"{self._user.name} can't leave: {answer.status_code} {code}")
                self._world.scheduler.pause(60)

    def _buy(self) -> None:
        """One order is paid, if they do pay, and another one stands."""
        self._user.buyer.buy("pack_small")
        self._user.attempt(Ask("POST", "/orders", {"product": "pack_large"}))

    def _buy_and_refund(self) -> None:
        if order := self._user.buyer.buy("pack_small"):
            self._user.buyer.refund(order["id"])

    def _subscribe(self) -> None:
        Member(self._user).subscribe()
        self._user.generate_some("0")
