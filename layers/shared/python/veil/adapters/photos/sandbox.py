"""Each photo is decoded in a process of its own: whatever a decoder does there, the function is unharmed.

That process is a fork of `sandbox_process`, which is started here and has the decoders loaded.
"""

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

from veil.domain.photos import Photo, ReaderFailed, Rejected
from veil.domain.ports import PhotoReader
from veil.domain.uploads import Reason

PROCESS = "veil.adapters.photos.sandbox_process"
WALL_SECONDS = 40  # of the function's 60
CPU_SECONDS = 10  # 50 megapixels of any kind take less than 2 on one core
DATA_BYTES = 1200 * 2**20  # of the function's 1769 MB; 50 megapixels of any kind take 800
# The signals that end a fork whose photo took too long or crashed its decoder.
CRASHED = {-signal.SIGXCPU, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGFPE, -signal.SIGILL}
# glibc's, in bytes (mallopt(3)): a fork keeps the memory that it has freed, as it ends soon and the kernel's new pages
# cost a fifth of its time. Blocks of 32 MiB and more are still given back.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**26)}


class SandboxedReader(PhotoReader):
    """`PillowReader` in a sandbox with bounds, and without the function's secrets. One photo at a time.

    The sandbox loads the decoders while the function fetches the photo, and is started again when it has ended.
    """

    def __init__(
        self, max_pixels: int, min_side: int, cpu_seconds: int = CPU_SECONDS, data_bytes: int = DATA_BYTES
    ) -> None:
        """The last two are each fork's bounds: seconds of CPU, bytes of data (which Linux alone counts in full)."""
        self._limits = [str(limit) for limit in (max_pixels, min_side, cpu_seconds, data_bytes)]
        self._sandbox = Sandbox(PROCESS, self._limits)

    def read(self, data: bytes, content_type: str) -> Photo:
        """Raises `Rejected` as `PillowReader` does and for a photo beyond the bounds, and `ReaderFailed`."""
        if not self._sandbox.alive:
            self._sandbox.end()
            self._sandbox = Sandbox(PROCESS, self._limits)
        try:
            answer, ended = self._sandbox.ask(content_type, data, WALL_SECONDS)
        except TimeoutError as error:
            raise ReaderFailed(f"no answer within {WALL_SECONDS} s") from error
        except OSError as error:
            raise ReaderFailed(f"no sandbox: {error}") from error
        if ended.status in CRASHED:
            raise Rejected(Reason.UNREADABLE_IMAGE)
        if ended.status:
            raise ReaderFailed(f"ended with {ended.status}: {ended.output}")
        return _photo(answer, ended.output)

    def close(self) -> None:
        """End the sandbox, which otherwise ends with the function."""
        self._sandbox.end()


def _photo(answer: bytes, output: str) -> Photo:
    """``output`` is a traceback where a decoder raised what none of them should."""
    head, _, jpeg = answer.partition(b"\n")
    result = json.loads(head)
    if "reason" in result:
        raise Rejected(Reason(result["reason"]), defect=output if result["defect"] else "")
    return Photo(jpeg, result["width"], result["height"])


@dataclass(frozen=True)
class Ended:
    """How a fork ended: its exit status, or minus the signal that killed it; and the end of its output."""

    status: int
    output: str


class Sandbox:
    """One `sandbox_process`. It ends with this object, or with the function, whose end of the socket closes.

    It is killed after a failed request: a late answer must not be taken for the next photo's.
    """

    def __init__(self, module: str, arguments: list[str]) -> None:
        """Start it, without credentials; it loads its libraries while the function goes on."""
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
        """A fork's answer to a photo, and how the fork ended.

        Raises `TimeoutError` when it takes longer than ``seconds``, another `OSError` when the sandbox has ended.
        """
        try:
            answer, report = self._answer(content_type, data, seconds), self._reports.readline()
        except BaseException:
            self.end()
            raise
        if not report:
            self.end()
            raise BrokenPipeError("the sandbox has ended")
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
    """The paths of Python's modules and libraries: no credentials."""
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **libraries, **MALLOC}


def _end(process: subprocess.Popen[bytes], *ours: socket.socket | BufferedReader) -> None:
    """Kill the sandbox and its fork: they hold nothing that would be lost."""
    if process.returncode is None:  # else its number may be another's by now
        with suppress(ProcessLookupError, PermissionError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for end in ours:
        end.close()
