"""Kills running functions: a function's process on this machine is what an execution environment is on AWS.

A process that still starts is left alone: the local AWS would then drop every process of that function. Those that are
starting would fail too and be killed for it, and on a busy machine that never ends.
"""

import os
import re
import signal
import subprocess
from pathlib import Path
from random import Random
from time import monotonic

from proofs.chaos_live.report import LiveReport

WORKER = re.compile(r"^\s*(\d+)\s.*/ministack-lambda-veil-local-(\w+)-[^/]+/_worker\.py$")
STARTED_SECONDS = 15.0  # after a process was first seen; under load, a start takes most of that


class Killer:
    """Kills functions' processes that the cloud in ``state`` started."""

    def __init__(self, state: Path, random: Random, report: LiveReport) -> None:
        self._scratch, self._random, self._report = f" {state / 'scratch'}/", random, report
        self._seen: dict[tuple[int, str], float] = {}

    def kill(self) -> None:
        """Kill one that has started, if there is any."""
        now = monotonic()
        self._seen = {worker: self._seen.get(worker, now) for worker in self.workers()}
        started = [worker for worker, seen in self._seen.items() if now - seen >= STARTED_SECONDS]
        if not started:
            return
        number, function = self._random.choice(started)
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:  # it ended by itself
            return
        self._report.counts["killed"][function] += 1

    def workers(self) -> list[tuple[int, str]]:
        """The processes of functions: the id and the function of each."""
        shown = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True)
        lines = [WORKER.match(line) for line in shown.stdout.splitlines() if self._scratch in line]
        return [(int(match[1]), match[2]) for match in lines if match]
