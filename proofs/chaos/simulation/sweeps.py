"""The minutes pass: a sweep whenever something is due, and in between straight on to the next moment."""

from typing import TYPE_CHECKING

from veil.adapters.dynamodb.items import CREDITS

if TYPE_CHECKING:
    from proofs.chaos.simulation.world import SimulatedWorld

MINUTE, DAY = 60.0, 24 * 3600.0
PATIENCE_SECONDS = 4 * 3600.0  # for every generation to end, after the last person has gone
QUIET_SECONDS = 26 * 3600.0  # a world ends when nothing is due for so long: an unpaid order is looked at after a day
# Who owes credits is on the list every ten minutes, for ever: here that is a reason to sweep by itself only so often.
DEBT_SECONDS = 6 * 3600.0
LAST_SWEEPS = 20
MOST_SWEEPS = 5000  # of one world, after the last person has gone


def sweep_until_quiet(world: "SimulatedWorld") -> None:
    """As the schedule does; a sweep that would find nothing is left out."""
    busy_at = swept_at = world.now()
    sweeps = 0
    while True:
        gone = not world.living and world.now() > world.last_left + PATIENCE_SECONDS
        debts = not gone and world.now() > swept_at + DEBT_SECONDS
        due = world.dynamodb.next_due(without=None if debts else CREDITS)
        if world.living or world.scheduler.busy:
            busy_at = world.now()
        elif due is None or due > busy_at + QUIET_SECONDS:
            _sweep_debts(world)
            return
        if due is not None and due <= world.now():
            world.scheduler.after(0, lambda: world.invoke("sweeper", {}))
            swept_at = world.now()
            sweeps += not world.living
        if gone and (sweeps > MOST_SWEEPS or world.dynamodb.next_due("GENERATION#") is not None):
            world.score.violation("the work list never came to its end")
            return
        world.scheduler.pause(_pause(world, due))


def _sweep_debts(world: "SimulatedWorld") -> None:
    """What is owed was left out for hours: nothing is late when a world is looked at."""
    for _ in range(LAST_SWEEPS):
        due = world.dynamodb.next_due()
        if due is None or due > world.now():
            return
        world.scheduler.after(0, lambda: world.invoke("sweeper", {}))
        world.scheduler.pause(3 * MINUTE)


def _pause(world: "SimulatedWorld", due: float | None) -> float:
    """Seconds to the next sweep that can find something: to the next minute, or to when anything can happen."""
    moments = [moment for moment in (due, world.scheduler.next_moment) if moment is not None]
    empty = min(moments, default=world.now()) - world.now()
    return MINUTE * max(1, empty // MINUTE)
