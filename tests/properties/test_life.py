"""One image's life, by writes whose view may be as old as they like: only the design's arrows exist, and the fake
does at each step what the table does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.backends import Backend, in_memory, on_moto
from tests.contract.images import ATTEMPT, BILLED, NOT_ALIKE, OUTPUT, UNBILLED
from tests.fakes.clock import START, FakeIds
from tests.properties.arrows import check_write
from veil.domain.deadlines import due_once_told
from veil.domain.generation import Generation
from veil.domain.outcomes import Failure
from veil.domain.ports import WorkItem

new_id = FakeIds()  # of all examples: they share one table


@dataclass(frozen=True)
class Step:
    """One write: by which of the views that were ever had, and with what."""

    write: str
    view: int
    images: list[int]
    accepted: set[int]
    at: float
    failure: Failure

    @property
    def image(self) -> int:
        return self.images[0]


def _record(on: Backend, seen: Generation, step: Step) -> Generation | None:
    started = [image for image in seen.images if image.attempt in image.attempts]
    accepted = {image.index: f"p{image.index}-{image.attempt}" for image in started if image.index in step.accepted}
    back = [image for image in started if image.index in step.images and image.index not in accepted]
    return on.ledger.record_starts(seen, accepted, back, step.at if back else None)


def _refund(on: Backend, seen: Generation, step: Step) -> Generation | None:
    return on.ledger.refund(seen, seen.images[step.image], step.failure, step.at, step.at)


def _announced(on: Backend, seen: Generation, step: Step) -> Generation | None:
    """As `notify` does: of what it has just read."""
    stands = on.generations.get(seen.user, seen.id)
    if stands is None or not stands.unannounced:
        return None
    return on.generations.announced(stands, step.at, due_once_told(stands, step.at))


def _lease(on: Backend, seen: Generation, step: Step) -> Generation | None:
    return None if seen.due_at is None else on.work.lease(WorkItem.of(seen, seen.due_at), step.at)


def _close(on: Backend, seen: Generation, _: Step) -> None:
    """As the sweep does: what is settled and told, by the date that it saw."""
    if not (seen.open_images or seen.unannounced) and seen.due_at is not None:
        on.work.close(seen, seen.due_at)


WRITES: dict[str, Callable[[Backend, Generation, Step], Any]] = {
    "claim": lambda on, seen, step: on.ledger.claim(seen, dict.fromkeys(step.images, ATTEMPT), step.at),
    "record": _record,
    "requeue": lambda on, seen, step: on.ledger.requeue(seen, seen.images[step.image], step.failure),
    "capture": lambda on, seen, step: on.ledger.capture(seen, seen.images[step.image], OUTPUT, step.at, step.at),
    "capture, as due": lambda on, seen, step: on.ledger.capture(
        seen, seen.images[step.image], OUTPUT, step.at, seen.due_at
    ),
    "refund": _refund,
    "announced": _announced,
    "lease": _lease,
    "close": _close,
    "select": lambda on, seen, step: on.generations.select(seen, step.image),
    "unselect": lambda on, seen, _: on.generations.select(seen, None),
    "begin delete": lambda on, seen, step: on.generations.begin_delete(seen, step.at),
}
often = ["claim", "claim", "record", "requeue", "capture, as due", "refund"]
steps = st.builds(
    Step,
    write=st.sampled_from(often + list(WRITES)),
    view=st.integers(0, 5),
    images=st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True),
    accepted=st.sets(st.integers(0, 2)),
    at=st.sampled_from([START + 1, START + 90.125, START + 300]),
    failure=st.sampled_from([BILLED, UNBILLED, NOT_ALIKE]),
)


@pytest.fixture(scope="module")
def table() -> Iterator[Backend]:
    with on_moto() as backend:
        yield backend


def credits_of(backend: Backend, user: str) -> tuple[object, ...]:
    entries = backend.accounts.entries(user, 50, None).items
    return backend.accounts.balance(user, START), sorted((one.kind, one.amount, one.reference) for one in entries)


@settings(max_examples=25)
@given(st.lists(steps, min_size=8, max_size=20))
def test_the_fake_lives_as_the_table_does(table: Backend, life: list[Step]) -> None:
    fake = in_memory()
    generation = replace(fake.generation(f"user{new_id(START)}", START, images=3), announces=True)
    for backend in (fake, table):
        backend.accounts.open_account(generation.user, 5, START)
        backend.ledger.reserve(generation, None, START)
    views, before = [generation], generation
    for step in life:
        seen = views[-1 - step.view % len(views)]
        answer = WRITES[step.write](fake, seen, step)
        assert WRITES[step.write](table, seen, step) == answer, step
        if isinstance(answer, Generation):
            views.append(answer)
        after = fake.stands(generation)
        assert table.stands(generation) == after, step
        check_write(before, after)
        before = after
    assert credits_of(table, generation.user) == credits_of(fake, generation.user)
    assert table.due(generation, START + 200) == fake.due(generation, START + 200)
    table.erase(generation)  # a longer list is a slower one
