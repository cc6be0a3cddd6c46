"""A secret whose value the test changes."""

from collections.abc import Iterator, Sequence

from veil.domain.ports import Secret


class FakeSecret(Secret):
    """``current`` is the value in use, and each of ``others`` is honoured, too."""

    def __init__(self, current: str, *others: str) -> None:
        self.name = "veil-test/fake"
        self.current = current
        self.others = others
        self._put: str | None = None

    def __call__(self) -> str:
        return self.current

    def put(self, value: str) -> None:
        """A value that nobody has read yet."""
        self._put = value

    def renew(self) -> None:
        value, self._put = self._put, None
        if value is not None:
            self.rotate(value)

    def rotate(self, value: str) -> None:
        """From now on this is the value, and the one before is honoured."""
        self.current, self.others = value, (self.current,)

    def honoured(self) -> Iterator[str]:
        yield from self.signing()

    def signing(self) -> Sequence[str]:
        return (self.current, *self.others)
