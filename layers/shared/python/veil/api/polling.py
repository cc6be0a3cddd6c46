"""When a client should look again at what has not ended: soon at first, later the longer it takes already.

However many wait, they ask less and less often: every ten seconds at most after a minute, every half minute at most
after five. A check is looked at every three seconds: its upload may be minutes old when the photo arrives.
Chance spreads those who came together. `docs/decisions/polling.md` has the arithmetic.
"""

from dataclasses import dataclass
from random import random
from time import time

SHARE = 10  # of the time that it took already: a tenth


@dataclass(frozen=True, slots=True)
class Pace:
    """The shortest and the longest wait, in seconds, before chance adds to it."""

    first: int
    longest: int


USUAL = Pace(2, 20)  # of what takes some ten seconds: images, a payment
CHECK = Pace(1, 2)  # of what takes one: the check of a photo


def seconds_until(age: float, chance: float, pace: Pace = USUAL) -> int:
    """Whole seconds until the next look at what is ``age`` seconds old. ``chance``, from 0 to below 1, adds up to half
    of it, and up to a second where that is less than one.
    """
    least = min(max(pace.first, age / SHARE), pace.longest)
    return int(least + chance * (least / 2 + 1))


def look_again(since: float, pace: Pace = USUAL) -> dict[str, str]:
    """The header ``Retry-After`` for what has been under way since then, in epoch seconds."""
    return {"retry-after": str(seconds_until(time() - since, random(), pace))}  # noqa: S311 - no secret
