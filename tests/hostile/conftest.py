"""A user to rob, a user who tries it, and what must not change by any attempt."""

import io
from collections.abc import Iterator
from types import ModuleType

import httpx
import pytest

from tests.hostile.attack import Attack
from tests.hostile.people import Person, person
from tests.hostile.state import state
from tests.support.wire import Wire


@pytest.fixture(scope="module")
def queueing(control: httpx.Client) -> Iterator[None]:
    """Replicate accepts predictions and never starts them."""
    control.post("/_control", json={"replicate": {"queue": 3600}}).raise_for_status()
    yield
    control.delete("/_control").raise_for_status()


@pytest.fixture(scope="module")
def victim(functions: dict[str, ModuleType], control: httpx.Client, outputs: Wire, queueing: None) -> Person:
    """Has one of everything."""
    return person("victim", functions, control, outputs)


@pytest.fixture(scope="module")
def mallory(functions: dict[str, ModuleType], control: httpx.Client, outputs: Wire, queueing: None) -> Person:
    """A user like any other, who wants what is the victim's."""
    return person("mallory", functions, control, outputs)


@pytest.fixture
def attack(
    functions: dict[str, ModuleType], control: httpx.Client, log: io.StringIO, victim: Person, mallory: Person
) -> Attack:
    """Sends a request that must change nothing, and looks at all that may never be in an answer or a log."""
    return Attack(functions, lambda: state(control), log, mallory.user)
