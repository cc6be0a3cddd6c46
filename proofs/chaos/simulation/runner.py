"""Many worlds, side by side in as many processes as there are cores; each seed gives the same sum again."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from proofs.chaos.simulation.crashes import SCENARIOS, crash, rehearse
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import simulate

WORLD_GENERATIONS = 100
POINTS_AT_ONCE = 24


@dataclass
class Run:
    """All of a run. ``crash_points`` are the places where a process was ended, by how often each was."""

    seed: int
    score: Score = field(default_factory=Score)
    crash_points: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """``{"seed", "generations", "violations", "unended", "injected": {fault: count}, "crash_points": [...]}``, and
        beside these what came of it, every call that the functions made, and the violations in words.
        """
        return {
            "seed": self.seed,
            "generations": self.score.generations,
            "violations": len(self.score.violations),
            "unended": self.score.unended,
            "injected": dict(sorted(self.score.injected.items())),
            "crash_points": sorted(self.crash_points),
            "ends": dict(sorted(self.score.ends.items())),
            "calls": dict(sorted(self.score.calls.items())),
            "findings": self.score.violations,
            "fingerprint": self.score.fingerprint,
        }


type Told = Callable[[str, int, int], None]  # what is under way, how many are done, of how many


def run_all(seed: int, generations: int, told: Told = lambda *_: None) -> Run:
    """Every crash point of every scenario, then at least so many generations in worlds of their own weather."""
    run = Run(seed)
    with _workers() as each:
        counts = list(each(_count, list(range(len(SCENARIOS)))))
        starts = [(index, at) for index, count in enumerate(counts) for at in range(0, count, POINTS_AT_ONCE)]
        for number, (points, score) in enumerate(each(_crash, starts), 1):
            run.crash_points.update(points)
            run.score.add(score, "crash")
            told("crash points", number, len(starts))
        worlds = [(f"{seed}/{number}", size) for number, size in enumerate(_sizes(generations))]
        for number, score in enumerate(each(_simulate, worlds), 1):
            run.score.add(score, f"world {worlds[number - 1][0]}")
            told("worlds", number, len(worlds))
    return run


@contextmanager
def _workers() -> Iterator[Callable[..., Iterator[Any]]]:
    """What maps a function over jobs, in their order; its processes end with the block, however that ends."""
    with multiprocessing.get_context("spawn").Pool(os.cpu_count(), initializer=_leave_signals) as pool:
        yield pool.imap


def _leave_signals() -> None:
    """Ctrl-C reaches a worker too; its parent is the one to end it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _count(index: int) -> int:
    score, points = rehearse(SCENARIOS[index])
    if score.violations:
        raise RuntimeError(f"{SCENARIOS[index].name}: {score.violations[0]}")
    return len(points)


def _crash(start: tuple[int, int]) -> tuple[list[str], Score]:
    """Some points of one scenario: their names, and how it went at all of them."""
    scenario, total = SCENARIOS[start[0]], Score()
    _, points = rehearse(scenario)
    some = points[start[1] : start[1] + POINTS_AT_ONCE]
    for name, score in crash(scenario, some):
        total.add(score, f"{scenario.name}, ended {name}")
    return [name for _, name in some], total


def _simulate(world: tuple[str, int]) -> Score:
    return simulate(*world)


def _sizes(generations: int) -> list[int]:
    whole, rest = divmod(generations, WORLD_GENERATIONS)
    return [WORLD_GENERATIONS] * whole + ([rest] if rest else [])
