"""The audit: hold all that is kept against the rules of `operations.audit.rules`; it changes nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from operations.audit.finding import Finding
from operations.audit.holdings import Holdings, Records
from operations.audit.rules import findings
from operations.audit.welcome_rules import welcome_findings
from veil.domain.ports import Clock

LOOKS = 3
SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one user has, and what is wrong with it."""

    holdings: Holdings
    findings: tuple[Finding, ...]


def nothing(_: Holdings) -> Iterable[Finding]:
    """What is not asked finds nothing."""
    return ()


@dataclass(frozen=True)
class Audit:
    """The table and the bucket are read while they are in use, and not in one instant: a finding is what stands in
    three looks at its user, each a little after the last. ``beyond`` holds a user against what others say of them.
    """

    records: Records
    clock: Clock
    wait: Callable[[float], None]
    beyond: Callable[[Holdings], Iterable[Finding]] = nothing

    def __call__(self) -> Iterator[Verdict]:
        """A verdict on each user, as they are read."""
        welcomed: Counter[str] = Counter()
        for user in self.records.users():
            verdict = self.of(user)
            if day := verdict.holdings.welcomed_on:
                welcomed[day] += verdict.holdings.welcome
            yield verdict
        for finding in welcome_findings(welcomed, self.records.welcomes()):
            yield Verdict(Holdings(finding.user, None, (), (), (), {}, stray=finding.detail), (finding,))

    def of(self, user: str) -> Verdict:
        holdings = self.records.of(user)
        standing = tuple(findings(holdings, self.clock()))
        for _ in range(LOOKS - 1):
            if not standing:
                break
            self.wait(SECONDS_BETWEEN_LOOKS)
            holdings = self.records.of(user)
            now = set(findings(holdings, self.clock()))
            standing = tuple(finding for finding in standing if finding in now)
        return Verdict(holdings, (*standing, *self.beyond(holdings)))
