"""Ids are ULIDs: 26 characters of Crockford's base 32 that sort by the time they were made."""

import re

from ulid import ULID

PATTERN = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def new_id(now: float) -> str:
    """A ULID of ``now`` (epoch seconds)."""
    return str(ULID.from_timestamp(now))


def is_id(text: str) -> bool:
    return PATTERN.fullmatch(text) is not None


def created_at(ulid: str) -> float:
    """The time, in epoch seconds, at which an id was made."""
    return ULID.from_str(ulid).timestamp


def earliest_id(at: float) -> str:
    """A string that sorts just before every id made since ``at``."""
    return str(ULID.from_timestamp(max(at, 0)))[:10]
