"""What a simulation did, what it met, and what was wrong in the end."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any


@dataclass
class Score:
    """Of one world, or of many added up. ``injected`` and ``ends`` count by name; ``calls`` are those of the
    functions to the outside, by function and call; ``fingerprint`` is the hash of every event, in its order.
    """

    generations: int = 0
    unended: int = 0
    violations: list[str] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    fingerprint: str = ""
    _events: Any = field(default_factory=lambda: blake2b(digest_size=8), repr=False)

    def violation(self, what: str) -> None:
        self.violations.append(what)

    def event(self, *what: object) -> None:
        """Something happened: it is part of what makes this run this run."""
        self._events.update(repr(what).encode())
        self.fingerprint = self._events.hexdigest()

    def add(self, other: "Score", name: str) -> None:
        """Add another world's."""
        self.generations += other.generations
        self.unended += other.unended
        self.violations += [f"{name}: {violation}" for violation in other.violations]
        self.injected += other.injected
        self.ends += other.ends
        self.calls += other.calls
        self.event(other.fingerprint)

    def __getstate__(self) -> dict[str, Any]:
        """Without the running hash, which cannot cross into another process."""
        return {**self.__dict__, "_events": None}
