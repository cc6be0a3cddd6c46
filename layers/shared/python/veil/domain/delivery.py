"""How images reach people, through the edge; as `veil.domain.ports`, of which these are apart by their readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class ImageUrls(Protocol):
    """URLs under which the edge shows stored images."""

    def sign(self, key: str, file: str | None = None) -> tuple[str, float]:
        """A URL of the image at ``key`` of the bucket, and when it expires (epoch seconds); both stay the same for a
        minute, so that an answer may be cached. With ``file`` it is saved under that name, and not shown.

        Raises `StorageUnavailable`.
        """


class EdgeCache(Protocol):
    """What the edge remembers of images: for a minute, and no longer."""

    def forget(self, folder: str, reason: str) -> None:
        """Ask it to forget every image below ``folder`` of the bucket, once for each ``reason``.

        It never fails: what is not heard is forgotten a minute later by itself.
        """


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that the edge may verify with. Several may be of one number, when a change was cut short."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys that the edge verifies with: those of ``key_ids``. ``current`` is the number of the one that is known to
    be signed with, 0 while none is; ``version`` changes with each change.
    """

    id: str
    key_ids: tuple[str, ...]
    current: int
    version: str


class EdgeKeys(Protocol):
    """The public halves of the keys of one stage, at the edge. Each may raise `StorageUnavailable`."""

    def group(self) -> KeyGroup | None: ...

    def public_keys(self) -> Sequence[PublicKey]: ...

    def register(self, number: int, pem: str) -> PublicKey: ...

    def write_group(self, before: KeyGroup | None, key_ids: Sequence[str], current: int) -> KeyGroup:
        """Make the group, or change the one ``before``."""

    def delete_group(self, group: KeyGroup) -> None: ...

    def delete_key(self, key: PublicKey) -> None:
        """One that is not there is no error."""


class PrivateKey(Protocol):
    """Where the private half is kept, which this can only put."""

    def put(self, key_id: str, pem: str) -> None:
        """Raises `StorageUnavailable`."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Both halves, in PEM."""

    private: str
    public: str
