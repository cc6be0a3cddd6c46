"""Keys are typed or given, tried at whoever they are of, and only then stored; none of them is ever printed."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import Any

from operations.ask import Ask
from operations.errors import OperationError
from operations.trials import Trial, Verdict


def variable(name: str) -> str:
    """The environment's variable that holds a secret: VEIL_REPLICATE_TOKEN."""
    return f"VEIL_{name.upper().replace('-', '_')}"


def stored(store: Any, secret: str) -> str | None:
    """The value of a secret in ``store``, a client of Secrets Manager; None where it is not there."""
    try:
        return str(store.get_secret_value(SecretId=secret)["SecretString"])
    except store.exceptions.ResourceNotFoundException:
        return None


@dataclass(kw_only=True)
class PutKeys(ABC):
    """``files``: where a value is read from, by the secret's name; ``only``: these, though what is there works."""

    stage: str
    store: Any  # a client of Secrets Manager
    ask: Ask
    files: Mapping[str, Path] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    read: Callable[[str], str] = getpass
    say: Callable[[str], None] = print

    @property
    @abstractmethod
    def wanted(self) -> tuple[str, ...]:
        """The secrets that the stage needs."""

    @abstractmethod
    def where(self, name: str) -> str:
        """Where a person finds the key."""

    @abstractmethod
    def trial(self, name: str, value: str) -> Trial:
        """Whether it works."""

    def put_all(self) -> bool:
        """Whether every key that was wanted is in its place, and works."""
        given = {name: self._given(name) for name in self.only or self.wanted}  # before anything is stored
        done = [self.put(name, value) for name, value in given.items()]
        return all(done)

    def put(self, name: str, given: str | None) -> bool:
        stored = self.stored(name)
        if (
            given is None
            and name not in self.only
            and stored is not None
            and self.trial(name, stored).verdict is Verdict.WORKS
        ):
            return self.said(name, "is there, and works", well=True)
        return self._judge(name, given) if given is not None else self._typed(name)

    def keep(self, name: str, value: str, *, well: bool = True) -> bool:
        """Store it; not once more what is stored, which would end the time of the value before it."""
        if value != self.stored(name):
            self.write(name, value)
        return self.said(name, "stored, and works" if well else "stored, untried", well=True)

    def write(self, name: str, value: str) -> None:
        self.store.put_secret_value(SecretId=self.id(name), SecretString=value)

    def stored(self, name: str) -> str | None:
        """What is stored; None where the secret itself is not there."""
        return stored(self.store, self.id(name))

    def id(self, name: str) -> str:
        return f"veil-{self.stage}/{name}"

    def said(self, name: str, what: str, *, well: bool = False) -> bool:
        self.say(f"{name}: {what}")
        return well

    def plain(self, name: str, value: str) -> str:
        """The value as it is stored."""
        return value.strip()

    def _typed(self, name: str) -> bool:
        """Ask for it until one works; an empty answer gives up."""
        if not self.ask.terminal():
            return self.said(name, f"none was given: set {variable(name)}, or --file {name}=PATH")
        self.say(f"{name}: {self.where(name)}")
        while value := self.read("  paste it, nothing is shown (Enter: leave it): ").strip():
            if self._judge(name, self.plain(name, value)):
                return True
        return self.said(name, "left as it was")

    def _judge(self, name: str, value: str) -> bool:
        trial = self.trial(name, value)
        if trial.verdict is Verdict.REFUSED:
            return self.said(name, f"refused, and not stored: {trial.why}")
        if trial.verdict is Verdict.UNKNOWN and not self.ask.agrees(f"{name} can't be tried: {trial.why}. Store it?"):
            return self.said(name, "not stored")
        return self.keep(name, value, well=trial.verdict is Verdict.WORKS)

    def _given(self, name: str) -> str | None:
        if name not in self.files:
            return self.plain(name, self.environ.get(variable(name), "")) or None
        try:
            value = self.plain(name, self.files[name].read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise OperationError(f"{self.files[name]} can't be read: {type(error).__name__}") from None
        if not value:
            raise OperationError(f"{self.files[name]} is empty")
        return value
