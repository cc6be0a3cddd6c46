"""Reads each photo in a process of its own: what a decoder does to it, it cannot do to the function."""

import json
import signal

from veil.adapters.photos.zygote import Zygote
from veil.domain.photos import Photo, Rejected
from veil.domain.uploads import Reason

PROCESS = "veil.adapters.photos.sandbox_process"
WALL_SECONDS = 40  # of the function's 60
CPU_SECONDS = 10  # 50 megapixels of any kind take less than 2 on one core
DATA_BYTES = 1200 * 2**20  # of the function's 1769 MB; 50 megapixels of any kind take 800
# How a process ends whose photo took too long, or whose decoder the photo brought down.
FELLED = {-signal.SIGXCPU, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGFPE, -signal.SIGILL}


class ReaderFailed(Exception):
    """The process ended in a way that is not the photo's doing: to be tried again."""


class SandboxedReader:
    """`veil.domain.ports.PhotoReader`: `PillowReader` in a process with bounds, and without the function's secrets.

    That process is the fork of a zygote, which is started here, loads the decoders while the function fetches the
    photo, and is started anew when it has ended. One photo at a time.
    """

    def __init__(
        self, max_pixels: int, min_side: int, cpu_seconds: int = CPU_SECONDS, data_bytes: int = DATA_BYTES
    ) -> None:
        """The last two are each fork's bounds: seconds of CPU, bytes of data (which Linux alone counts in full)."""
        self._limits = [str(limit) for limit in (max_pixels, min_side, cpu_seconds, data_bytes)]
        self._zygote = Zygote(PROCESS, self._limits)

    def read(self, data: bytes, content_type: str) -> Photo:
        """Raises `Rejected` as `PillowReader` does and for a photo beyond the bounds, and `ReaderFailed`."""
        if not self._zygote.alive:
            self._zygote.end()
            self._zygote = Zygote(PROCESS, self._limits)
        try:
            answer, ended = self._zygote.ask(content_type, data, WALL_SECONDS)
        except TimeoutError as error:
            raise ReaderFailed(f"no answer within {WALL_SECONDS} s") from error
        except OSError as error:
            raise ReaderFailed(f"no zygote: {error}") from error
        if ended.status in FELLED:
            raise Rejected(Reason.UNREADABLE_IMAGE)
        if ended.status:
            raise ReaderFailed(f"ended with {ended.status}: {ended.said}")
        return _photo(answer)

    def close(self) -> None:
        """End the zygote, which otherwise ends with the function."""
        self._zygote.end()


def _photo(answer: bytes) -> Photo:
    head, _, jpeg = answer.partition(b"\n")
    told = json.loads(head)
    if "reason" in told:
        raise Rejected(Reason(told["reason"]))
    return Photo(jpeg, told["width"], told["height"])
