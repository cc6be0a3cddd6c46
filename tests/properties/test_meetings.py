"""Two deliveries that meet on one image, at any point of the first: `test_ledger`, told where to look."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.tasks import KILLED, THROUGH, Fault, Way
from tests.properties.test_ledger import LedgerMachine
from veil.domain.predictions import BadOutput

outputs = st.sampled_from([b"portrait", b"a larger portrait", BadOutput("no image")])
points = st.integers(0, 6)
seconds = st.one_of(st.just(THROUGH), st.builds(Way, points, st.sampled_from(Fault)))


@settings(max_examples=400)
@given(
    outputs=st.tuples(outputs, outputs, outputs),
    point=points,
    second=seconds,
    last=st.sampled_from([THROUGH, KILLED]),
    pick=st.integers(0, 2),
    later=st.sampled_from([0, 59, 2699]),
    down=st.booleans(),
)
def test_two_deliveries_meet(
    *, outputs: tuple[bytes | Exception, ...], point: int, second: Way, last: Way, pick: int, later: int, down: bool
) -> None:
    """The first stops somewhere, the second comes, the first goes on or dies, and the hour ends."""
    machine = LedgerMachine()
    machine.generate("ada", None, THROUGH)
    machine.world.clock.advance(later)
    machine.succeed(pick, outputs[0], Way(point))
    machine.succeed(pick, outputs[1], second)
    if machine.tasks:
        machine.resume(0, last)
    machine.credits_add_up()
    machine.photos_are_what_they_say()
    machine.succeed(pick, outputs[2], None)
    machine.plan([], down)
    machine.teardown()
