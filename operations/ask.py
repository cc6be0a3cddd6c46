"""Questions to the person at the keyboard, who may be a pipeline."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from operations.errors import OperationError


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


@dataclass(frozen=True)
class Ask:
    """``yes``: whatever is asked, the answer is yes."""

    yes: bool = False
    terminal: Callable[[], bool] = _at_a_terminal
    answer: Callable[[str], str] = input

    def agrees(self, question: str) -> bool:
        """Whether the answer is yes; raises `OperationError` where nobody can be asked."""
        if self.yes:
            return True
        self._at_terminal(question)
        return self.answer(f"{question} [y/N] ").strip().lower() in ("y", "yes")

    def agree(self, question: str) -> None:
        """Go on only with a yes; raises `OperationError` otherwise."""
        if not self.agrees(question):
            raise OperationError("stopped, nothing was changed")

    def type_out(self, question: str, wanted: str) -> None:
        """Go on only when ``wanted`` was typed; raises `OperationError` otherwise."""
        if self.yes:
            return
        self._at_terminal(question)
        if self.answer(f"{question} Type {wanted} to go on: ").strip() != wanted:
            raise OperationError("stopped, nothing was changed")

    def _at_terminal(self, question: str) -> None:
        if not self.terminal():
            raise OperationError(f"{question} There is no terminal to ask at: add --yes")
