"""Calls that start at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

RACES = pytest.mark.parametrize(
    "backend", ["fake", pytest.param("cloud", marks=pytest.mark.cloud)], indirect=True, scope="module"
)
"""Only where transactions hold under concurrency: moto's do not."""


def at_once[T](calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each of them answered or raised."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | Exception:
        barrier.wait(timeout=30)
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - it is this test's result
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
