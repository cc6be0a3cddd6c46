"""Measures a function's invocations in its own process; Python imports this file when the process starts.

The function is not changed: the local AWS sends a worker its events on standard input and reads the answers on standard
output, and both are watched here. One line of JSON for the start, one for each invocation, no content.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

FOLDER = "COST_PROBE"  # the variable with the folder of the records
STATUS = Path("/proc/self/status")
MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024  # getrusage(2): in bytes there, in kilobytes on Linux


def _peak_mb() -> float:
    """The most memory that this process held, and the greatest of its children beside it, in MB."""
    if STATUS.exists():  # ru_maxrss begins with what the parent held when it forked
        own = 1024 * next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if "VmHWM" in line)
    else:
        own = MAXRSS_BYTES * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = MAXRSS_BYTES * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round((own + children) / 2**20, 1)


def _cpu() -> float:
    """CPU seconds of all threads, and of the children that have ended."""
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


class Probe:
    """Sees every line that comes and goes; what lies between is one start or one invocation."""

    def __init__(self, folder: str) -> None:
        self.file = Path(folder) / f"{os.getpid()}.jsonl"
        self.function = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.cpu, self.size, self.starting, self.number = 0.0, 0, True, 0
        self.event: dict[str, Any] = {}

    def take(self, line: str) -> None:
        self.cpu, self.size = 0.0 if self.starting else _cpu(), len(line)
        event = json.loads(line).get("event") if line else None
        self.event = event if isinstance(event, dict) else {}

    def give(self, text: str) -> None:
        if not text.startswith('{"status"'):
            return
        record: dict[str, Any] = {"function": self.function, "cpu_ms": round((_cpu() - self.cpu) * 1000, 2)}
        if self.starting:
            record |= {"kind": "start", "access_key": os.environ["AWS_ACCESS_KEY_ID"]}
        else:
            record |= {"kind": "invocation", "number": self.number, "route": self.event.get("routeKey")}
            record |= {"messages": len(self.event.get("Records", ())), "bytes_in": self.size, "bytes_out": len(text)}
            self.number += 1
        record["peak_mb"], record["at"], self.starting = _peak_mb(), time.time(), False
        with self.file.open("a") as file:
            file.write(json.dumps(record) + "\n")


class Watched:
    """A stream whose lines the probe sees."""

    def __init__(self, stream: TextIO, seen: Callable[[str], None]) -> None:
        self._stream, self._seen = stream, seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def readline(self, *limit: int) -> str:
        line = self._stream.readline(*limit)
        self._seen(line)
        return line

    def write(self, text: str) -> int:
        self._seen(text)
        return self._stream.write(text)


if FOLDER in os.environ and sys.orig_argv[-1].endswith("_worker.py"):
    probe = Probe(os.environ[FOLDER])
    sys.stdin = Watched(sys.stdin, probe.take)
    sys.stdout = Watched(sys.stdout, probe.give)
