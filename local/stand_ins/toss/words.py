"""The formats of Toss's keys, times and amounts, and the rules for what a merchant names itself."""

import re
from datetime import datetime, timedelta, timezone
from random import Random

KST = timezone(timedelta(hours=9))
ORDER_ID = re.compile(r"[A-Za-z0-9_-]{6,64}")
CUSTOMER_KEY = re.compile(r"[A-Za-z0-9\-_=.@]{2,300}")
MINIMUM_AMOUNT, MAXIMUM_AMOUNT = 100, 2_147_483_647  # KRW, by card; the second is ours
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def word(random: Random, length: int) -> str:
    """Letters and digits."""
    return "".join(random.choices(_ALPHABET, k=length))


def local_time(seconds: float) -> datetime:
    """Korean time of epoch seconds."""
    return datetime.fromtimestamp(seconds, KST)


def stamp(seconds: float) -> str:
    """``2026-11-25T20:15:04+09:00``"""
    return local_time(seconds).isoformat(timespec="seconds")


def bare_stamp(seconds: float, digits: int) -> str:
    """``2026-11-25T20:15:05.41207``: no zone, and ``digits`` (0 to 6) of the second's fraction."""
    whole, _, fraction = local_time(seconds).strftime("%Y-%m-%dT%H:%M:%S.%f").partition(".")
    return f"{whole}.{fraction[:digits]}" if digits else whole


def vat(amount: int) -> int:
    """The tax in a taxed amount, KRW: an eleventh, rounded."""
    return (2 * amount + 11) // 22


def masked(card_number: str) -> str:
    """``53651012****123*``"""
    return f"{card_number[:8]}****{card_number[12:15]}*"
