"""Warm requests: what they cost beside the calls that they make, and how many calls those are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from proofs.bench.row import BenchRow, in_turns, measured
from proofs.bench.scene import Event, Scene
from proofs.bench.worker import Worker, calling, working


@dataclass(frozen=True)
class Pair:
    """A function and a bare script that does the same, both warm; ``events`` makes so many events for them."""

    scene: Scene
    ours: Worker
    bare: Worker
    events: Callable[[int], list[Event]]

    def beside(self, name: str, what: str, many: int, turns: int) -> BenchRow:
        """CPU milliseconds of an event; first, that both make the same calls."""
        for worker in (self.ours, self.bare):
            worker.ask(self.events(4))  # which warms it
        ours, bare = (sorted(self._calls(worker, self.events(4))) for worker in (self.ours, self.bare))
        if ours != bare:
            raise RuntimeError(f"{name} makes {ours}, and the bare script {bare}")
        ways = {
            "ours": lambda: self.ours.ask(self.events(many)) / many * 1e3,
            "bare": lambda: self.bare.ask(self.events(many)) / many * 1e3,
        }
        seconds = in_turns(ways, turns)
        return measured(name, what, seconds["ours"], seconds["bare"], unit="CPU ms", limit=1.25)

    def round_trips(self, name: str, events: list[Event], most: int) -> BenchRow:
        """Calls that follow each other; those to Replicate go side by side (`tests/budgets` proves it), so are one."""
        rounds = [call for call, _ in groupby(self._calls(self.ours, events))]
        return BenchRow(name, "allowed", len(rounds), most, "calls", limit=1.0)

    def _calls(self, worker: Worker, events: list[Event]) -> list[str]:
        """The calls that these events make."""
        self.scene.calls()
        worker.ask(events)
        return self.scene.calls()


@contextmanager
def _pair(scene: Scene, function: str, bare: str, events: Callable[[int], list[Event]]) -> Iterator[Pair]:
    with (
        working(calling("ours", "handle"), scene.environment(function)) as ours,
        working(calling("bare", bare), scene.environment(None)) as other,
    ):
        yield Pair(scene, ours, other, events)


def warm_requests(scene: Scene, turns: int) -> Iterator[BenchRow]:
    """`POST /generations`, and a webhook that stores 2 MB: CPU time, and the calls of one."""
    with _pair(scene, "generations", "Calls.generate", scene.requests) as pair:
        what = "the same calls of boto3, Redis and Replicate by a bare script"
        yield pair.beside("warm POST /generations", what, 25, turns)
        yield pair.round_trips("round trips of POST /generations", scene.requests(1), 5 + 1)
    with _pair(scene, "webhook", "store", scene.webhooks) as pair:  # webhooks come in fours
        what = "the bare get, fetch, put and update"
        yield pair.beside("webhook: verify, fetch 2 MB, store, settle", what, 24, turns)
        yield pair.round_trips("round trips of a webhook that stores", scene.webhooks(4)[:1], 4)
