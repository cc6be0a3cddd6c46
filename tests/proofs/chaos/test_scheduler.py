"""Simulated time: who waits for whom."""

import pytest

from proofs.chaos.simulation.scheduler import Scheduler


def test_tasks_go_on_in_the_order_of_their_moments() -> None:
    seen: list[tuple[str, float]] = []
    clock: list[float] = []
    with Scheduler(100.0, clock.append) as scheduler:

        def task(name: str, *pauses: float) -> None:
            for seconds in pauses:
                scheduler.pause(seconds)
                seen.append((name, scheduler.now))

        scheduler.at(101.0, lambda: task("a", 1, 5))
        scheduler.at(100.5, lambda: task("b", 2, 2))
        scheduler.run()
    assert seen == [("a", 102.0), ("b", 102.5), ("b", 104.5), ("a", 107.0)]
    assert clock == sorted(clock)
    assert clock[-1] == 107.0


def test_an_error_of_a_task_ends_the_run_and_every_other_task() -> None:
    ended: list[str] = []
    with Scheduler(0.0, lambda _: None) as scheduler:

        def waits() -> None:
            try:
                scheduler.pause(100)
            finally:
                ended.append("waits")

        scheduler.at(1, waits)
        scheduler.at(2, lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            scheduler.run()
        assert ended == []
    assert ended == ["waits"]
