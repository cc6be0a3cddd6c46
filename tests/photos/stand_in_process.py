"""Stands where the reading process stands; its forks end as they are told by the content type."""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

from veil.adapters.photos.sandbox_process import serve
from veil.domain.photos import Photo

FILES = 12  # that the sandbox may have open: a few more than it needs for one photo


def abort(data: bytes) -> None:
    os.abort()


def segfault(data: bytes) -> None:
    ctypes.string_at(0)


def spin(data: bytes) -> None:
    while True:
        pass


def end(data: bytes) -> None:
    sys.exit("a defect of ours")


def stumble(data: bytes) -> None:
    raise KeyError("a defect of ours")


def talk(data: bytes) -> None:
    for _ in range(10_000):
        os.write(1, b"Corrupt JPEG data")
    sys.exit("a defect of ours")


def die(data: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait(data: bytes) -> None:
    """For ever, once both processes' numbers are in the file that the photo names."""
    file = Path(data.decode())
    file.with_suffix(".part").write_text(f"{os.getppid()} {os.getpid()}")
    file.with_suffix(".part").rename(file)
    Event().wait()


def orphan(data: bytes) -> None:
    """End the sandbox, and go on."""
    os.kill(os.getppid(), signal.SIGKILL)
    wait(data)


def tell(data: bytes) -> Photo:
    """What this fork sees: its environment, both numbers, what is open (and of what kind), the photo."""
    opened = {}
    for number in range(256):
        try:
            opened[number] = os.fstat(number).st_mode
        except OSError:
            continue
    seen = {
        "environment": dict(os.environ),
        "sandbox": os.getppid(),
        "fork": os.getpid(),
        "open": opened,
        "photo": data.decode(),
    }
    return Photo(json.dumps(seen).encode(), 1, 1)


ENDS: tuple[Callable[[bytes], Photo | None], ...] = (
    *(abort, segfault, spin, end, stumble, talk, die, wait, orphan, tell),
)


class StandIn:
    def read(self, data: bytes, content_type: str) -> Photo:
        named = {f"image/{end.__name__}": end for end in ENDS}
        return named[content_type](data) or Photo(b"", 0, 0)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    *_, cpu_seconds, data_bytes = map(int, sys.argv[1:])
    serve(StandIn(), cpu_seconds, data_bytes)
