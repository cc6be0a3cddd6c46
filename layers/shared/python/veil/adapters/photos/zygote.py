"""The function's side of `reading_process`."""

import json
import os
import signal
import socket
import subprocess
import sys
import weakref
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader

# glibc's, in bytes (mallopt(3)): a fork keeps the memory that it has freed, as it ends soon and the kernel's new pages
# cost a fifth of its time. Blocks of 32 MiB and more are still given back.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**26)}


@dataclass(frozen=True)
class Ended:
    """How a fork ended: its exit status, or minus the signal that killed it; and the end of what it printed."""

    status: int
    said: str


class Zygote:
    """One `reading_process`. It ends with this object, or with the function (whose end of the socket closes), however
    that one ends; and at the first question that goes wrong, as what it says next could be the answer to that one.
    """

    def __init__(self, module: str, arguments: list[str]) -> None:
        """Start it: it gets no credentials, and loads its libraries while the function goes on."""
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-S", "-P", "-m", module, *arguments],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
            )
        self._reports = self._socket.makefile("rb")
        self.end = weakref.finalize(self, _end, self._process, self._socket, self._reports)

    @property
    def alive(self) -> bool:
        return self.end.alive and self._process.poll() is None

    def ask(self, content_type: str, data: bytes, seconds: float) -> tuple[bytes, Ended]:
        """What a fork answers to a photo, and how it ended.

        Raises `TimeoutError` when it takes longer than ``seconds``, another `OSError` when the zygote has ended.
        """
        try:
            answer, report = self._answer(content_type, data, seconds), self._reports.readline()
        except BaseException:
            self.end()
            raise
        if not report:
            self.end()
            raise BrokenPipeError("the zygote has ended")
        return answer, Ended(**json.loads(report))

    def _answer(self, content_type: str, data: bytes, seconds: float) -> bytes:
        self._socket.settimeout(seconds)
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                socket.send_fds(self._socket, [content_type.encode()], [theirs.fileno()])
            ours.settimeout(seconds)
            with suppress(ConnectionError), ours.makefile("rb") as stream:  # the fork ended: the report says how
                ours.sendall(data)
                ours.shutdown(socket.SHUT_WR)
                return stream.read()
        return b""


def _environment() -> dict[str, str]:
    """What finds Python's modules and libraries: no credentials."""
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **libraries, **MALLOC}


def _end(process: subprocess.Popen[bytes], *ours: socket.socket | BufferedReader) -> None:
    """The zygote and its fork, by force: they hold nothing that would be lost."""
    if process.returncode is None:  # else its number may be another's by now
        with suppress(ProcessLookupError, PermissionError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for end in ours:
        end.close()
