"""What must hold of events when a world has ended: whoever was to be told was, of everything."""

from collections.abc import Iterator

from proofs.chaos.simulation.world import SimulatedWorld
from veil.domain.erasure import Erasure
from veil.domain.events import account_erased_id


def check_events(world: SimulatedWorld) -> None:
    """All that is wrong is in the score."""
    told, given_up = world.watch.events, world.deliveries.given_up
    for event_id in _owed(world):
        if event_id not in told.on_bus:
            world.score.violation(f"{event_id} was never told")
        elif event_id not in told.at_server and event_id not in given_up | told.refused:
            world.score.violation(f"{event_id} never came to the server")
    for item in world.dynamodb.items("EVENT"):
        world.score.violation(f"{item['pk']['S']} is still to be told")


def _owed(world: SimulatedWorld) -> Iterator[str]:
    """The ids of all that was to be told; of what is deleted, and of who has left, it may have been."""
    left = world.watch.leaving.left
    for generation in world.watch.generations.values():
        if generation.finished_at is not None and not generation.deleted and generation.user not in left:
            yield f"generation-finished-{generation.id}"
    yield from (order.event_id for order in world.watch.money.orders.values() if order.granted)
    for user, one in left.items():
        if one.done_at is not None:
            yield account_erased_id(Erasure(user, one.receipt, one.erased_at))
