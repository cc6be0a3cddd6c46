"""When a client should look again at what has not ended: soon at first, later the longer it takes already.

However many wait, they ask less and less often: every ten seconds at most after a minute, every half minute at most
after five. Chance spreads those who came together. `docs/decisions/polling.md` has the arithmetic.
"""

from random import random
from time import time

FIRST_SECONDS = 2  # what takes some ten seconds: images, a payment
CHECK_SECONDS = 1  # what takes one: the check of a photo
SHARE = 10  # of the time that it took already: a tenth
LONGEST_SECONDS = 20  # before chance adds to it


def seconds_until(age: float, chance: float, first: int = FIRST_SECONDS) -> int:
    """Whole seconds until the next look at what is ``age`` seconds old, ``first`` of them at the least. ``chance``,
    from 0 to below 1, adds up to half of it, and up to a second where that is less than one.
    """
    least = min(max(first, age / SHARE), max(first, LONGEST_SECONDS))
    return int(least + chance * (least / 2 + 1))


def look_again(since: float, first: int = FIRST_SECONDS) -> dict[str, str]:
    """The header ``Retry-After`` for what has been under way since then, in epoch seconds."""
    return {"retry-after": str(seconds_until(time() - since, random(), first))}  # noqa: S311 - no secret
