"""A month of the plan: by Seoul's calendar, from the day on which it began."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest

from veil.domain.subscriptions import months_after

KST = timezone(timedelta(hours=9))


def seoul(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=KST).timestamp()


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31T10:00", 0, "2026-01-31T10:00"),
        ("2026-01-31T10:00", 1, "2026-02-28T10:00"),
        ("2026-01-31T10:00", 2, "2026-03-31T10:00"),  # counted from the beginning: February has not cut it short
        ("2026-01-31T10:00", 3, "2026-04-30T10:00"),
        ("2026-01-31T10:00", 12, "2027-01-31T10:00"),
        ("2026-01-31T10:00", 13, "2027-02-28T10:00"),
        ("2028-01-31T10:00", 1, "2028-02-29T10:00"),
        ("2028-02-29T10:00", 12, "2029-02-28T10:00"),
        ("2028-02-29T10:00", 48, "2032-02-29T10:00"),
        ("2100-01-31T10:00", 1, "2100-02-28T10:00"),  # no leap year
        ("2026-02-28T10:00", 1, "2026-03-28T10:00"),  # the last day of February is the 28th of others
        ("2026-04-30T10:00", 1, "2026-05-30T10:00"),
        ("2026-05-31T10:00", 1, "2026-06-30T10:00"),
        ("2026-12-15T10:00", 1, "2027-01-15T10:00"),
        ("2026-11-30T10:00", 3, "2027-02-28T10:00"),
    ],
)
def test_the_same_day_or_the_last_one(start: str, months: int, end: str) -> None:
    assert months_after(seoul(start), months) == seoul(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-31T00:00", "2026-02-28T00:00"),  # in London it is still the 30th
        ("2026-01-31T23:59:59.999", "2026-02-28T23:59:59.999"),
        ("2026-02-01T00:00", "2026-03-01T00:00"),  # in London it is still January
        ("2026-12-01T08:59", "2027-01-01T08:59"),
    ],
)
def test_the_day_is_that_of_seoul(start: str, end: str) -> None:
    assert months_after(seoul(start), 1) == pytest.approx(seoul(end), abs=0.001)


def test_no_two_months_are_less_than_28_days_apart_nor_more_than_31() -> None:
    for day in range(366):
        start = seoul("2027-12-31T12:00") + day * 86_400
        ends = [months_after(start, months) for months in range(50)]
        gaps = {timedelta(seconds=after - before).days for before, after in pairwise(ends)}
        assert gaps <= {28, 29, 30, 31}
