"""What a simulation did, which faults it met, and what was wrong at the end."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b


@dataclass
class Score:
    """Of one world, or of several added up: faults, results and calls by name; the hash of every event, in order."""

    generations: int = 0
    unended: int = 0
    violations: list[str] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    fingerprint: str = ""

    def violation(self, what: str) -> None:
        self.violations.append(what)

    def event(self, *what: object) -> None:
        """Add an event to the fingerprint."""
        self.fingerprint = blake2b(f"{self.fingerprint}{what!r}".encode(), digest_size=8).hexdigest()

    def add(self, other: "Score", name: str) -> None:
        """Add another world's."""
        self.generations += other.generations
        self.unended += other.unended
        self.violations += [f"{name}: {violation}" for violation in other.violations]
        self.injected += other.injected
        self.ends += other.ends
        self.calls += other.calls
        self.event(other.fingerprint)
