"""The rate limit that holds when Redis does not answer."""

import pytest

from tests.contract.backends import Backend
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.domain.errors import RateLimited
from veil.domain.ports import RateLimiter


def wait(limiter: RateLimiter, user: str, now: float) -> int | None:
    """The seconds to wait; None when there was room."""
    try:
        limiter.check(user, now)
    except RateLimited as refusal:
        return refusal.retry_after
    return None


def test_a_window_holds_as_many_as_the_limit(backend: Backend, user: str) -> None:
    limiter = backend.limiter(3, 600)
    assert [wait(limiter, user, START + number) for number in range(5)] == [None, None, None, 597, 596]


def test_the_next_window_has_room_again(backend: Backend, user: str) -> None:
    limiter = backend.limiter(1, 600)
    assert wait(limiter, user, START) is None
    assert wait(limiter, user, START + 599.9) == 1
    assert wait(limiter, user, START + 600) is None


def test_each_user_has_their_own(backend: Backend, user: str) -> None:
    limiter = backend.limiter(1, 600)
    assert wait(limiter, user, START) is None
    assert wait(limiter, f"{user}2", START) is None


def test_it_raises_rate_limited(backend: Backend, user: str) -> None:
    limiter = backend.limiter(1, 60)
    limiter.check(user, START)
    with pytest.raises(RateLimited) as refusal:
        limiter.check(user, START + 30)
    assert refusal.value.retry_after == 30


def test_what_is_given_back_has_room_again(backend: Backend, user: str) -> None:
    limiter = backend.limiter(2, 600)
    limiter.check(user, START)
    limiter.check(user, START + 1)
    limiter.give_back(user, START)
    assert [wait(limiter, user, START + number) for number in (2, 3)] == [None, 597]


def test_no_more_is_given_back_than_was_counted(backend: Backend, user: str) -> None:
    limiter = backend.limiter(1, 600)
    limiter.give_back(user, START)
    limiter.check(user, START)
    limiter.give_back(user, START + 600)
    assert wait(limiter, user, START) == 600


@RACES
def test_many_at_once_are_no_more_than_the_limit(backend: Backend, user: str) -> None:
    limiter = backend.limiter(5, 600)
    results = at_once([lambda: limiter.check(user, START)] * 20)
    assert sum(result is None for result in results) == 5
    assert sum(isinstance(result, RateLimited) for result in results) == 15
