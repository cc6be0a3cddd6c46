"""How a command of `local` and `proofs` is run: its errors in a line, its end in order whatever signal comes."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from operations.errors import OperationError


class _Stopped(BaseException):
    """A signal asked to stop; carries its number."""


def run(parser: argparse.ArgumentParser, arguments: list[str] | None = None) -> int:
    """Run the command that ``arguments`` name; answer its exit status: 1 where it answers False.

    A command whose ``endless`` is set ends well when a signal stops it.
    """
    parsed = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], bool | None] = parsed.run
    try:
        with _stopping_on_signals():
            return 1 if command(parsed) is False else 0
    except _Stopped as stopped:
        if not getattr(parsed, "endless", False):
            return 128 + int(stopped.args[0])
        print("stopped")
        return 0
    except OperationError as error:
        print(f"{parser.prog.rpartition(' ')[2]}: {error}", file=sys.stderr)
        return 1


@contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into an exception, so that every block is left in order."""

    def stop(number: int, _: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)  # cleaning up must not be interrupted
        raise _Stopped(number)

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, stop) for each in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
