"""Reads each photo in a process of its own: what a decoder does to it, it cannot do to the function."""

import json
import os
import signal
import subprocess
import sys

from veil.domain.photos import Photo, Rejected
from veil.domain.uploads import Reason

PROCESS = "veil.adapters.reading_process"
WALL_SECONDS = 40  # of the function's 60
CPU_SECONDS = 10  # 50 megapixels of any kind take less than 2 on one core
DATA_BYTES = 1200 * 2**20  # of the function's 1769 MB; 50 megapixels of any kind take 800
# How a process ends whose photo took too long, or whose decoder the photo brought down.
FELLED = {-signal.SIGXCPU, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGFPE, -signal.SIGILL}


class ReaderFailed(Exception):
    """The process ended in a way that is not the photo's doing: to be tried again."""


class ConfinedReader:
    """`veil.domain.ports.PhotoReader`: `PillowReader` in a process with bounds, and without the function's secrets."""

    def __init__(
        self, max_pixels: int, min_side: int, cpu_seconds: int = CPU_SECONDS, data_bytes: int = DATA_BYTES
    ) -> None:
        """The last two are the process's bounds: seconds of CPU, bytes of data (which Linux alone counts in full)."""
        self._limits = [str(limit) for limit in (max_pixels, min_side, cpu_seconds, data_bytes)]

    def read(self, data: bytes, content_type: str) -> Photo:
        """Raises `Rejected` as `PillowReader` does and for a photo beyond the bounds, and `ReaderFailed`."""
        command = [sys.executable, "-P", "-m", PROCESS, content_type, *self._limits]
        try:
            run = subprocess.run(  # noqa: S603 - our own module, and a type that is one of four
                command, input=data, capture_output=True, env=_environment(), timeout=WALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ReaderFailed(f"no answer within {WALL_SECONDS} s") from error
        if run.returncode in FELLED:
            raise Rejected(Reason.UNREADABLE_IMAGE)
        if run.returncode:
            raise ReaderFailed(f"ended with {run.returncode}: {run.stderr.decode(errors='replace')[-500:]}")
        return _photo(run.stdout)


def _environment() -> dict[str, str]:
    """What finds Python's modules and libraries: no credentials."""
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **libraries}


def _photo(answer: bytes) -> Photo:
    head, _, jpeg = answer.partition(b"\n")
    told = json.loads(head)
    if "reason" in told:
        raise Rejected(Reason(told["reason"]))
    return Photo(jpeg, told["width"], told["height"])
