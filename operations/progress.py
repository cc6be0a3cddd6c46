"""Each step with its time, as it happens: a spinner in a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from time import monotonic

from rich.console import Console

WIDTH = 50


class Progress:
    """Prints steps to ``console``; times are seconds, of the step and since the start."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._started = monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Show ``name`` while the block runs and its time when it is done."""
        started = monotonic()
        with self._console.status(name) if self._console.is_terminal else nullcontext():
            yield
        now = monotonic()
        mark = "[green]✓[/green] " if self._console.is_terminal else ""
        self._console.print(f"{mark}{name:<{WIDTH}} {now - started:6.1f} s  {now - self._started:6.1f} s")

    @property
    def seconds(self) -> float:
        """Since the start."""
        return monotonic() - self._started

    def say(self, text: str) -> None:
        """Print one line as it is."""
        self._console.print(text, markup=False)
