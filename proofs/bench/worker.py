"""A process beside the benchmark that does one way's work: a line of JSON in, a line of JSON out."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from proofs.bench.deployed import PYTHON

PROGRAMS = Path(__file__).with_name("programs")


class Worker:
    """A way's process, which stays warm."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
        self._in: IO[str] = process.stdin
        self._out: IO[str] = process.stdout

    def ask(self, message: Any) -> Any:
        """What it answers to ``message``; raises `RuntimeError` where it ended."""
        self._in.write(json.dumps(message) + "\n")
        self._in.flush()
        return self._read()

    def end(self) -> Any:
        """Let it end; answers what it says last."""
        self._in.close()
        return self._read()

    def _read(self) -> Any:
        line = self._out.readline()
        if not line:
            raise RuntimeError("a worker ended early; its error is above")
        return json.loads(line)


@contextmanager
def working(command: Sequence[object], environment: Mapping[str, str]) -> Iterator[Worker]:
    """A worker while the block runs; it ends with its input."""
    pipe, words = subprocess.PIPE, [str(word) for word in command]
    with subprocess.Popen(words, env=dict(environment), stdin=pipe, stdout=pipe, text=True) as process:
        yield Worker(process)


def calling(module: str, call: str) -> list[object]:
    """The command of `programs.worker`: each message is a list of events, each answer its CPU seconds."""
    return [PYTHON, "-S", PROGRAMS / "worker.py", module, call]
