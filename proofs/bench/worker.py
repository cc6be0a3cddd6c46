"""A warm process beside the benchmark, that does the work of a list of events and tells its CPU time."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from proofs.bench.deployed import PYTHON

PROGRAMS = Path(__file__).with_name("programs")


class Worker:
    """``call`` of ``module``, warm."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
        self._asks: IO[str] = process.stdin
        self._tells: IO[str] = process.stdout

    def __call__(self, events: Sequence[Mapping[str, Any]]) -> float:
        """CPU seconds for these events, one after the other, in all of its threads."""
        self._asks.write(json.dumps(events) + "\n")
        self._asks.flush()
        told = self._tells.readline()
        if not told:
            raise RuntimeError("the worker ended; its error is above")
        return float(told)


@contextmanager
def working(module: str, call: str, environment: Mapping[str, str]) -> Iterator[Worker]:
    """A worker while the block runs."""
    command = [PYTHON, "-S", PROGRAMS / "worker.py", module, call]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=dict(environment), stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Worker(process)
        finally:
            process.kill()
