"""A secret that is known without asking for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from veil.domain.ports import Secret


@dataclass(frozen=True)
class FixedSecret(Secret):
    value: str
    name: str = "fixed"

    def __call__(self) -> str:
        return self.value

    def renew(self) -> None:
        """It never changes."""

    def honoured(self) -> Iterator[str]:
        yield self.value

    def signing(self) -> Sequence[str]:
        return [self.value]
