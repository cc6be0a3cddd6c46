"""Watches what others are told: only what is true, always under the same id, and nothing of what is deleted."""

from typing import TYPE_CHECKING, Any

from proofs.chaos.simulation.process import CURRENT
from veil.domain.events import EventType, generation_finished, order_paid
from veil.domain.generation import Generation

if TYPE_CHECKING:
    from proofs.chaos.simulation.world import SimulatedWorld


class EventWatch:
    """``on_bus`` and ``at_server`` are all events that arrived, by id; ``refused`` are those that the server wants no
    more.
    """

    def __init__(self, world: "SimulatedWorld") -> None:
        self._world = world
        self._deleted_at: dict[str, float] = {}
        self.on_bus: dict[str, dict[str, Any]] = {}
        self.at_server: dict[str, dict[str, Any]] = {}
        self.refused: set[str] = set()

    def wrote(self, old: Generation, new: Generation) -> None:
        """A generation was written: it is called told only once it was."""
        if new.deleted and not old.deleted:
            self._deleted_at[new.id] = self._world.now()
        if new.announced_at is not None and f"generation-finished-{new.id}" not in self.on_bus:
            self._violation(f"{new.id} is called told, and nobody was")
        if old.announced_at is not None and new.announced_at is None and not new.deleted:
            self._violation(f"{new.id} was told, and is to be told again")

    def put(self, detail: dict[str, Any]) -> None:
        """An event has come to the bus."""
        self._same(self.on_bus.setdefault(detail["id"], detail), detail)
        self._world.score.ends[f"events put: {detail['type']}"] += 1
        match detail["type"]:
            case EventType.GENERATION_FINISHED:
                self._generation(detail)
            case EventType.ORDER_PAID:
                order = self._world.watch.money.orders[detail["data"]["order_id"]]
                if not order.granted or detail != order_paid(order).detail:
                    self._violation(f"{detail} is told of {order}")
            case EventType.ACCOUNT_ERASED:
                if self._world.watch.leaving.left[detail["data"]["user_id"]].done_at is None:
                    self._violation(f"{detail} is told of one who is not erased")

    def posted(self, detail: dict[str, Any]) -> None:
        """An event has come to the server: it was put on the bus before."""
        self._same(self.at_server.setdefault(detail["id"], detail), detail)
        self._world.score.ends["events posted"] += 1
        if detail != self.on_bus.get(detail["id"]):
            self._violation(f"{detail} is posted, and not on the bus")

    def _same(self, first: dict[str, Any], detail: dict[str, Any]) -> None:
        if detail != first:
            self._violation(f"one id, two events: {first}, {detail}")

    def _generation(self, detail: dict[str, Any]) -> None:
        """It says how that stands, which is for good; whoever read it before it was deleted may still tell of it."""
        generation = self._world.watch.generations[detail["data"]["generation_id"]]
        if generation.finished_at is None or detail != generation_finished(generation).detail:
            self._violation(f"{detail} is told of {generation.status} {generation.id}")
        process, now = CURRENT.get(), self._world.now()
        began_at = process.began_at if process else now
        left = self._world.watch.leaving.left.get(generation.user)
        if self._deleted_at.get(generation.id, now) < began_at:
            self._violation(f"{generation.id} was deleted, and is told of")
        if left and left.erased_at < began_at:
            self._violation(f"{generation.id} is told of, and its user has left")

    def _violation(self, what: str) -> None:
        self._world.score.violation(what)
