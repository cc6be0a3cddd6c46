"""Our own people in Toss's console, and the card companies: money goes back, and cards are no longer charged, without a
word to us but a webhook.
"""

from functools import partial
from typing import TYPE_CHECKING

from local.stand_ins.toss import Refused
from veil.domain.subscriptions import DAY

if TYPE_CHECKING:
    from proofs.chaos.simulation.world import SimulatedWorld

SOON, TODAY, SOME_DAY = (0.0, 30.0), (60.0, 7200.0), (DAY, 20 * DAY)
CANCELS = ("cancels all of it", "cancels a part", "cancels two parts")


class Console:
    """Hears of each payment, and may cancel it at any time from then on."""

    def __init__(self, world: "SimulatedWorld") -> None:
        self._world, self._random, self._toss = world, world.random, world.toss.core

    def paid(self, payment_key: str, amount: int) -> None:
        """A payment was charged."""
        whim = self._world.weather.draw("console", CANCELS)
        for _ in range(2 if "two" in whim else 1 if whim else 0):
            wanted = None if "all" in whim else self._random.randint(1, amount)
            seconds = self._random.uniform(*self._random.choice((SOON, TODAY, SOME_DAY)))
            self._world.scheduler.after(seconds, partial(self.cancel, payment_key, wanted))

    def cancel(self, payment_key: str, amount: int | None) -> None:
        """So many KRW, or all that is left."""
        try:
            self._toss.cancel_from_console(payment_key, amount, "the customer called")
        except Refused:  # so much is not left
            self._world.score.ends["cancels from the console refused"] += 1
        else:
            self._world.score.ends["cancels from the console"] += 1
