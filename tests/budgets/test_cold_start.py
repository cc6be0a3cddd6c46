"""A function as deployed starts in less than a plain resolver and boto3's clients do; `make bench` has the ratios.

CPU time of the process, not the clock's, and the least of several turns: whatever else the machine does can only
add to it. All of them take turns, so that what slows one slows all. The limits here are a tenth above the benchmark's,
since a test is no place for a quiet machine.
"""

import pytest

from proofs.bench.deployed import environment, run, stock
from proofs.bench.row import in_turns
from proofs.bench.worker import PROGRAMS
from veil.settings import FUNCTIONS

TURNS = 5
LIMITS = {"check": 1.1}


@pytest.fixture(scope="module")
def costs() -> dict[str, float]:
    """Each function's and, as ``plain``, the yardstick's."""
    plain, functions = stock(PROGRAMS), {name: environment(name) for name in FUNCTIONS}
    ways = {"plain": lambda: run("import plain", plain)}
    ways |= {name: lambda env=env: run("import handler", env) for name, env in functions.items()}  # type: ignore[misc]
    return {name: min(seconds) for name, seconds in in_turns(ways, TURNS).items()}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_cold_start(costs: dict[str, float], function: str) -> None:
    ratio = costs[function] / costs["plain"]
    assert ratio <= LIMITS.get(function, 0.85)
