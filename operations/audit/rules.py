"""Whether every credit is somewhere, every generation ends and every photo is where it is said to be: the rules.

They judge one user at a time, from all that the table and the bucket hold of them. Something that is under way is no
finding: an open image may have its object already, and what is on the work list may still have one to clear away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from veil.domain.credits import Entry, EntryKind
from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.uploads import Upload, UploadStatus, input_key

ENDS_WITHIN_SECONDS = 3600  # the promise: Replicate deletes its outputs after an hour
SWEPT_WITHIN_SECONDS = 900  # the sweep comes every minute; what is due for longer is not being swept
RAW_PHOTO_SECONDS = 2 * 3600  # the queue gives a check up after a little more than an hour


class Rule(StrEnum):
    """What does not hold."""

    ACCOUNT_MISSING = "account_missing"
    CREDITS_DO_NOT_BALANCE = "credits_do_not_balance"
    ENTRIES_DO_NOT_ADD_UP = "entries_do_not_add_up"
    GENERATION_MISSING = "generation_missing"
    MALFORMED = "malformed"
    OBJECT_DIFFERS = "object_differs"
    OBJECT_MISSING = "object_missing"
    OBJECT_STRAY = "object_stray"
    OFF_THE_LIST = "off_the_list"
    OVERDRAWN = "overdrawn"
    OVERDUE = "overdue"
    RAW_PHOTO_KEPT = "raw_photo_kept"
    REFUND_WRONG = "refund_wrong"
    RESERVE_WRONG = "reserve_wrong"
    UNSWEPT = "unswept"


@dataclass(frozen=True, slots=True)
class Finding:
    user: str
    generation: str | None
    rule: Rule
    detail: str


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the bucket: bytes, and SHA-256 (hex) as the bucket knows it, None where it does not."""

    size: int
    sha256: str | None
    modified_at: float


@dataclass(frozen=True)
class Holdings:
    """All that is kept of one user; ``available`` is None without an account, ``objects`` are by their keys,
    ``malformed`` are the items that could not be read.
    """

    user: str
    available: int | None
    entries: Sequence[Entry]
    generations: Sequence[Generation]
    uploads: Sequence[Upload]
    objects: Mapping[str, StoredObject]
    malformed: Sequence[str] = ()

    def given(self, kind: EntryKind) -> int:
        return sum(entry.amount for entry in self.entries if entry.kind is kind)

    @property
    def held(self) -> int:
        return sum(generation.held for generation in self.generations)

    @property
    def captured(self) -> int:
        return sum(generation.credits_in(ImageStatus.STORED) for generation in self.generations)

    @property
    def expected_available(self) -> int:
        """granted + purchased − held − captured."""
        return self.given(EntryKind.GRANT) + self.given(EntryKind.PURCHASE) - self.held - self.captured


class Records(Protocol):
    """All that is kept, only ever read; raises `veil.domain.ports.StorageUnavailable`."""

    def users(self) -> Iterator[str]:
        """Everyone of whom something is kept, once each."""

    def of(self, user: str) -> Holdings:
        """What is kept of one user, from strongly consistent reads."""


def findings(holdings: Holdings, now: float) -> Iterator[Finding]:
    """Every rule that does not hold for this user at ``now`` (epoch seconds)."""
    for what in holdings.malformed:
        yield Finding(holdings.user, None, Rule.MALFORMED, what)
    yield from _money(holdings)
    yield from _entries_of_generations(holdings)
    for generation in holdings.generations:
        yield from _life(generation, now)
        for image in generation.images:
            yield from _object_of(generation, image, holdings.objects.get(generation.result_key(image.index)))
    yield from _strays(holdings, now)


def _money(holdings: Holdings) -> Iterator[Finding]:
    user, available = holdings.user, holdings.available
    if available is None:
        if holdings.entries or holdings.generations:
            yield Finding(user, None, Rule.ACCOUNT_MISSING, f"{len(holdings.entries)} entries and no account")
        return
    if available < 0:
        yield Finding(user, None, Rule.OVERDRAWN, f"available {available}")
    total = sum(entry.amount for entry in holdings.entries)
    if total != available:
        yield Finding(user, None, Rule.ENTRIES_DO_NOT_ADD_UP, f"entries {total}, available {available}")
    expected = holdings.expected_available
    if expected != available:
        detail = f"given − held {holdings.held} − captured {holdings.captured} = {expected}, available {available}"
        yield Finding(user, None, Rule.CREDITS_DO_NOT_BALANCE, detail)


def _entries_of_generations(holdings: Holdings) -> Iterator[Finding]:
    """Each generation reserved once what its images cost, and has back just what its refunded images did."""
    reserves, refunds = _amounts(holdings, EntryKind.RESERVE), _amounts(holdings, EntryKind.REFUND)
    for generation in holdings.generations:
        reserved, refunded = reserves.pop(generation.id, []), refunds.pop(generation.id, [])
        if reserved != [-generation.reserved]:
            detail = f"entries {reserved}, not [{-generation.reserved}]"
            yield Finding(holdings.user, generation.id, Rule.RESERVE_WRONG, detail)
        images = sum(image.status is ImageStatus.REFUNDED for image in generation.images)
        if refunded != [generation.credits_per_image] * images:
            detail = f"entries {refunded} for {images} refunded images"
            yield Finding(holdings.user, generation.id, Rule.REFUND_WRONG, detail)
    for generation_id in reserves.keys() | refunds.keys():
        yield Finding(holdings.user, generation_id, Rule.GENERATION_MISSING, "entries, and no generation")


def _amounts(holdings: Holdings, kind: EntryKind) -> dict[str, list[int]]:
    amounts: dict[str, list[int]] = {}
    for entry in holdings.entries:
        if entry.kind is kind:
            amounts.setdefault(entry.reference, []).append(entry.amount)
    return amounts


def _life(generation: Generation, now: float) -> Iterator[Finding]:
    user, still = generation.user, len(generation.open_images)
    if still and now - generation.created_at > ENDS_WITHIN_SECONDS:
        yield Finding(user, generation.id, Rule.OVERDUE, f"{still} images open since {_utc(generation.created_at)}")
    if generation.due_at is None:
        if still:
            yield Finding(user, generation.id, Rule.OFF_THE_LIST, "open, and no sweep will look at it")
    elif now - generation.due_at > SWEPT_WITHIN_SECONDS:
        yield Finding(user, generation.id, Rule.UNSWEPT, f"due since {_utc(generation.due_at)}")


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _object_of(generation: Generation, image: Image, found: StoredObject | None) -> Iterator[Finding]:
    """A stored image has its object, byte for byte; one that never will be has none once it is off the list."""
    user, key = generation.user, generation.result_key(image.index)
    if image.output and not generation.deleted:
        if found is None:
            yield Finding(user, generation.id, Rule.OBJECT_MISSING, key)
        elif (found.size, found.sha256) != (image.output.size, image.output.sha256):
            detail = f"{key}: {found.size} bytes, sha256 {found.sha256}"
            yield Finding(user, generation.id, Rule.OBJECT_DIFFERS, detail)
    elif found and not image.is_open and generation.due_at is None:
        yield Finding(user, generation.id, Rule.OBJECT_STRAY, f"{key}: nobody's photo")


def _strays(holdings: Holdings, now: float) -> Iterator[Finding]:
    """Results of no generation that there is, and raw photos that should be gone."""
    known = {one.result_key(image.index) for one in holdings.generations for image in one.images}
    for key, found in holdings.objects.items():
        if key.startswith("results/") and key not in known:
            yield Finding(holdings.user, key.split("/")[2], Rule.OBJECT_STRAY, f"{key}: of no image")
        if key.startswith("incoming/") and now - found.modified_at > RAW_PHOTO_SECONDS:
            yield Finding(holdings.user, None, Rule.RAW_PHOTO_KEPT, key)
    for upload in holdings.uploads:
        key = input_key(upload.user, upload.id)
        if upload.status is UploadStatus.READY and upload.expires_at > now and key not in holdings.objects:
            yield Finding(holdings.user, None, Rule.OBJECT_MISSING, key)
