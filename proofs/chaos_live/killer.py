"""Kills running functions: a function's process on this machine is what an execution environment is on AWS.

None is killed while it starts: the local AWS would then throw away every process of that function, those that are just
starting too, whose failure has the same effect; on a busy machine that has no end.
"""

import os
import re
import signal
import subprocess
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic

from proofs.chaos_live.score import Score

WORKER = re.compile(r"^\s*(\d+)\s.*/ministack-lambda-veil-local-(\w+)-[^/]+/_worker\.py$")

GROWN_SECONDS = 15.0  # from when a process was first seen; under load, a start takes most of that


class Killer:
    """Kills one function's process after another, each of them one that the cloud in ``state`` started."""

    def __init__(self, state: Path, random: Random, score: Score) -> None:
        self._scratch, self._random, self._score = f" {state / 'scratch'}/", random, score
        self._seen: dict[tuple[int, str], float] = {}

    def run(self, stop: Event, every: float) -> None:
        """One about every ``every`` seconds, at random times, until ``stop`` is set."""
        while not stop.wait(self._random.expovariate(1 / every)):
            if grown := self._grown():
                number, function = self._random.choice(grown)
                try:
                    os.kill(number, signal.SIGKILL)
                except ProcessLookupError:  # it ended by itself
                    continue
                self._score.killed[function] += 1

    def _grown(self) -> list[tuple[int, str]]:
        now = monotonic()
        self._seen = {worker: self._seen.get(worker, now) for worker in self.workers()}
        return [worker for worker, seen in self._seen.items() if now - seen >= GROWN_SECONDS]

    def workers(self) -> list[tuple[int, str]]:
        """The processes of functions, and whose each is."""
        shown = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True)
        lines = [WORKER.match(line) for line in shown.stdout.splitlines() if self._scratch in line]
        return [(int(match[1]), match[2]) for match in lines if match]
