"""Many worlds, in as many processes as there are cores; the same seed gives the same report again."""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from proofs.chaos.simulation.crashes import SCENARIOS, crash, rehearse
from proofs.chaos.simulation.months import simulate_months
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import simulate

WORLD_GENERATIONS = 100
WORLD_MEMBERS = 8  # of the worlds of months: one to each world of generations
POINTS_AT_ONCE = 24

type Progress = Callable[[str, int, int], None]  # what is under way, how many are done, of how many


@dataclass
class ChaosReport:
    """All of a run. ``crash_points``: the places where a process was ended, and how often at each."""

    seed: int
    score: Score = field(default_factory=Score)
    crash_points: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """``{"seed", "generations", "violations", "unended", "injected": {fault: count}, "crash_points": [...]}``, and
        beside these the results, every call that the functions made, and the violations in words.
        """
        score = self.score
        return {
            "seed": self.seed,
            "generations": score.generations,
            "violations": len(score.violations),
            "unended": score.unended,
            "injected": dict(sorted(score.injected.items())),
            "crash_points": sorted(self.crash_points),
            "ends": dict(sorted(score.ends.items())),
            "calls": dict(sorted(score.calls.items())),
            "findings": score.violations,
            "fingerprint": score.fingerprint,
        }


def run_all(seed: int, generations: int, progress: Progress = lambda *_: None) -> ChaosReport:
    """Every crash point of every scenario; then at least so many generations, in worlds of their own weather; then as
    many worlds in which months pass.
    """
    report = ChaosReport(seed)
    with multiprocessing.get_context("spawn").Pool(os.cpu_count(), initializer=_leave_signals) as pool:
        counts = list(pool.imap(_count, range(len(SCENARIOS))))
        starts = [(index, at) for index, count in enumerate(counts) for at in range(0, count, POINTS_AT_ONCE)]
        for number, (points, score) in enumerate(pool.imap(_crash, starts), 1):
            report.crash_points.update(points)
            report.score.add(score, "crash")
            progress("crash points", number, len(starts))
        whole, rest = divmod(generations, WORLD_GENERATIONS)
        sizes = [WORLD_GENERATIONS] * whole + ([rest] if rest else [])
        worlds = [(f"{seed}/{number}", size) for number, size in enumerate(sizes)]
        for number, score in enumerate(pool.imap(_simulate, worlds), 1):
            report.score.add(score, f"world {worlds[number - 1][0]}")
            progress("worlds", number, len(worlds))
        months = [f"{seed}/months/{number}" for number in range(len(sizes))]
        for number, score in enumerate(pool.imap(_simulate_months, months), 1):
            report.score.add(score, f"world {months[number - 1]}")
            progress("worlds of months", number, len(months))
    return report


def _leave_signals() -> None:
    """Ctrl-C reaches a worker too; its parent ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _count(index: int) -> int:
    score, points = rehearse(SCENARIOS[index])
    if score.violations:
        raise RuntimeError(f"{SCENARIOS[index].name}: {score.violations[0]}")
    return len(points)


def _crash(start: tuple[int, int]) -> tuple[list[str], Score]:
    """Some points of one scenario: their names, and the score of all of them."""
    scenario, total = SCENARIOS[start[0]], Score()
    _, points = rehearse(scenario)
    some = points[start[1] : start[1] + POINTS_AT_ONCE]
    for name, score in crash(scenario, some):
        total.add(score, f"{scenario.name}, ended {name}")
    return [name for _, name in some], total


def _simulate(world: tuple[str, int]) -> Score:
    return simulate(*world)


def _simulate_months(seed: str) -> Score:
    return simulate_months(seed, WORLD_MEMBERS)
