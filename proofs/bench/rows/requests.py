"""Warm requests: what they cost beside the calls that they make, and how many calls those are."""

from collections.abc import Callable, Iterator
from itertools import groupby

from proofs.bench.row import Row, in_turns, measured
from proofs.bench.scene import Event, Scene
from proofs.bench.worker import Worker, working

REQUESTS, WEBHOOKS = 25, 24  # a turn; webhooks come in fours


def warm_requests(scene: Scene, turns: int) -> Iterator[Row]:
    """`POST /generations`, and a webhook that stores 2 MB: CPU time, and the calls of one."""
    bare = scene.environment(None)
    with (
        working("ours", "handle", scene.environment("generations")) as ours,
        working("bare", "Calls.generate", bare) as other,
    ):
        name, what = "warm POST /generations", "the same calls of boto3, Redis and Replicate by a bare script"
        events = scene.requests
        yield from _beside(name, what, scene=scene, ours=ours, other=other, events=events, many=REQUESTS, turns=turns)
        yield _trips("round trips of POST /generations", scene, ours, scene.requests(1), 5 + 1)
    with (
        working("ours", "handle", scene.environment("webhook")) as ours,
        working("bare", "store", bare) as other,
    ):
        name, what = "webhook: verify, fetch 2 MB, store, settle", "the bare get, fetch, put and update"
        events = scene.webhooks
        yield from _beside(name, what, scene=scene, ours=ours, other=other, events=events, many=WEBHOOKS, turns=turns)
        yield _trips("round trips of a webhook that stores", scene, ours, scene.webhooks(4)[:1], 4)


def _beside(
    name: str, what: str, *, scene: Scene, ours: Worker, other: Worker, events: Callable[[int], list[Event]],
    many: int, turns: int,
) -> Iterator[Row]:  # fmt: skip
    """CPU milliseconds of an event; first, that both make the same calls."""
    called = []
    for way in (ours, other):
        way(events(4))  # which warms it
    for way in (ours, other):
        given = events(4)
        scene.calls()
        way(given)
        called.append(scene.calls())
    if sorted(called[0]) != sorted(called[1]):
        raise RuntimeError(f"{name} makes {called[0]}, and the bare script {called[1]}")
    ways = {"ours": lambda: ours(events(many)) / many * 1e3, "bare": lambda: other(events(many)) / many * 1e3}
    seconds = in_turns(ways, turns)
    yield measured(name, what, seconds["ours"], seconds["bare"], unit="CPU ms", limit=1.25)


def _trips(name: str, scene: Scene, worker: Worker, event: list[Event], most: int) -> Row:
    """Calls that follow each other; those to Replicate go side by side (`tests/budgets` proves it), so are one."""
    scene.calls()
    worker(event)
    rounds = [call for call, _ in groupby(scene.calls())]
    return Row(name, "allowed", len(rounds), most, "calls", limit=1.0)
