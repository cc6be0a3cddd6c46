"""Toss Payments' stand-in: `Toss` is all of it but the network; ``routes`` serves it over HTTP, with its window."""

from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.settings import Merchant, Reply, Switches
from local.stand_ins.toss.toss import Toss

__all__ = ["Merchant", "Refused", "Reply", "Switches", "Toss"]
