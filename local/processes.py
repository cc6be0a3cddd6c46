"""Child processes of the local cloud: each in a process group of its own, logged, tied to this process."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Self

from operations.errors import OperationError

TETHER = Path(__file__).with_name("tether.py")
ROOT = Path(__file__).resolve().parent.parent
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TERM")  # all that a child takes over from the developer's shell


class LocalError(OperationError):
    """Something of the local cloud does not work."""


class Child:
    """One child process; as a context manager it is gone, with all that it started, when the block ends.

    Start it from a thread that outlives it: the tie is to the starting thread.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[object],
        *,
        env: Mapping[str, str],
        log: Path,
        cwd: Path = ROOT,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, TETHER, str(os.getpid()), *map(str, command)],
                cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, pass_fds=pass_fds,
            )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def wait(self, timeout: float) -> None:
        """Wait until it ends, for ``timeout`` seconds at most; raise `LocalError` if it fails or does not end."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise LocalError(f"{self.name} did not finish within {timeout:.0f} s; its log: {self.log}") from None
        if code:
            raise self.failure(f"{self.name} failed (exit status {code})")

    def wait_until(self, ready: Callable[[], bool], timeout: float) -> None:
        """Wait until ``ready``, for ``timeout`` seconds at most, while the process lives; else raise `LocalError`."""
        if not poll(lambda: not self.alive or ready(), timeout):
            raise self.failure(f"{self.name} did not answer within {timeout:.0f} s")
        if not self.alive:
            raise self.failure(f"{self.name} ended (exit status {self._process.returncode})")

    def failure(self, message: str) -> LocalError:
        """The error that says ``message``, the log's last lines and where the rest is."""
        tail = self.log.read_text(errors="replace").splitlines()[-12:]
        return LocalError("\n".join([message, *(f"  | {line}" for line in tail), f"  whole log: {self.log}"]))

    def stop(self, grace: float = 5) -> None:
        """End the whole group: politely, then by force."""
        for sig in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, sig)
            except ProcessLookupError:
                break
            poll(lambda: not self._group_alive(), grace)
        self._process.wait()

    def _group_alive(self) -> bool:
        self._process.poll()  # reap it: a zombie still counts as a member of its group
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True


def poll(condition: Callable[[], bool], timeout: float, interval: float = 0.05) -> bool:
    """Ask ``condition`` until it holds, for ``timeout`` seconds at most; say whether it held."""
    pause, end = Event(), monotonic() + timeout
    while not (held := condition()) and monotonic() < end:
        pause.wait(interval)
    return held


def clean_environment(**more: str) -> dict[str, str]:
    """The few variables that a child may inherit: no credentials, proxies or certificates, and ``more``."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | more
