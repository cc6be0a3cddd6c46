"""The audit's rules: what is in order gives no finding, and each thing that can be wrong gives its own."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from operations.audit.audit import Audit
from operations.audit.finding import Finding, Rule
from operations.audit.holdings import Holdings, StoredObject, WelcomeCounter
from operations.audit.rules import findings
from tests.contract.images import refunded, stored
from tests.fakes.clock import START
from veil.domain.credits import Entry, EntryKind
from veil.domain.generation import Attempt, Generation, Image, ImageStatus
from veil.domain.uploads import Upload, UploadStatus, incoming_key, input_key

NOW = START + 60
SEED = 7
MIXED = Image(
    0,
    attempt=4,
    failures=2,
    attempts={
        1: Attempt("replicate", "black-forest-labs/flux-kontext-pro", Decimal(0), "p1", SEED),
        2: Attempt("replicate", "google/nano-banana", Decimal("0.039"), "p2"),
        3: Attempt("replicate", "a model that is no longer in the catalogue", Decimal("0.03"), "p3", SEED),
    },
)
OLD = Image(0, attempt=2, attempts={1: Attempt("replicate", "black-forest-labs/flux-1.1-pro", Decimal("0.04"))})
ID, UPLOAD = "01GENERATION", "01UPLOAD"
QUEUED, RUNNING = Image(0), Image(0, ImageStatus.RUNNING, started_at=START)


def entry(kind: EntryKind, amount: int, reference: str = ID) -> Entry:
    return Entry(f"{kind}{amount}{reference}", kind, amount, reference, START)


def generation(*images: Image, due_at: float | None = START + 90, **changes: Any) -> Generation:
    numbered = tuple(replace(image, index=index) for index, image in enumerate(images))
    made = Generation("ada", ID, "classic", "model", UPLOAD, START, numbered, 1, due_at=due_at)
    return replace(made, **changes)


def portrait(one: Generation, index: int) -> dict[str, StoredObject]:
    output = one.images[index].output or stored(QUEUED, START).output
    assert output
    return {one.result_key(index): StoredObject(output.size, output.sha256, START)}


def holdings(*generations: Generation, objects: dict[str, StoredObject] | None = None, **changes: Any) -> Holdings:
    """What a user has who was granted 8 credits, with the entries that belong to these generations."""
    entries = [entry(EntryKind.GRANT, 8, "welcome")]
    found: dict[str, StoredObject] = {}
    for one in generations:
        entries.append(entry(EntryKind.RESERVE, -one.reserved))
        for image in one.images:
            if image.status is ImageStatus.REFUNDED:
                entries.append(entry(EntryKind.REFUND, 1))
            if image.output:
                found |= portrait(one, image.index)
    available = sum(each.amount for each in entries)
    stands = Holdings("ada", available, entries, generations, (), found if objects is None else objects)
    return replace(stands, **changes)


def rules(stands: Holdings, now: float = NOW) -> set[Rule]:
    return {finding.rule for finding in findings(stands, now)}


DONE = generation(stored(QUEUED, NOW), stored(QUEUED, NOW), due_at=None)
PARTIAL = generation(stored(QUEUED, NOW), refunded(QUEUED, NOW), due_at=NOW + 360)
READY = Upload("ada", UPLOAD, "image/jpeg", 3, START, UploadStatus.READY)
BOTH = portrait(PARTIAL, 0) | portrait(PARTIAL, 1)
PENDING = replace(READY, status=UploadStatus.PENDING)
RAW = {incoming_key("ada", UPLOAD): StoredObject(3, None, START)}
CHECKED = {input_key("ada", UPLOAD): StoredObject(3, None, START)}

IN_ORDER = {
    "an account that was just opened": holdings(),
    "a generation that has just begun": holdings(generation(QUEUED, QUEUED)),
    "an image in mid-settlement": holdings(running := generation(RUNNING, RUNNING), objects=portrait(running, 0)),
    "all is stored": holdings(DONE),
    "some is refunded": holdings(PARTIAL),
    "what a late writer put is still to be cleared": holdings(PARTIAL, objects=BOTH),
    "a deletion that has begun": holdings(replace(DONE, deleted=True, due_at=NOW)),
    "a deletion that has ended": holdings(replace(DONE, deleted=True), objects={}),
    "a raw photo that waits for its check": holdings(objects=RAW, uploads=[PENDING]),
    "a photo that is ready": holdings(objects=CHECKED, uploads=[READY]),
    "a rejected photo": holdings(uploads=[replace(READY, status=UploadStatus.REJECTED)]),
    "a stranger": Holdings("ada", None, (), (), (), {}),
    "attempts with several models, one of them unbilled": holdings(generation(MIXED, cost=Decimal("0.069"))),
    "an attempt of before there were seeds, which nobody billed": holdings(generation(OLD)),
}  # fmt: skip


@pytest.mark.parametrize("stands", IN_ORDER.values(), ids=IN_ORDER)
def test_what_is_in_order_is_no_finding(stands: Holdings) -> None:
    assert rules(stands) == set()


WRONG: dict[str, tuple[Holdings, set[Rule]]] = {
    "a balance that was written without its entry": (
        holdings(DONE, available=7),
        {Rule.ENTRIES_DO_NOT_ADD_UP, Rule.CREDITS_DO_NOT_BALANCE},
    ),
    "a balance below zero": (
        replace(holdings(available=-1), entries=[entry(EntryKind.PURCHASE, -1, "x")]),
        {Rule.OVERDRAWN},
    ),
    "an image refunded without its credit": (
        replace(holdings(PARTIAL), available=6, entries=holdings(PARTIAL).entries[:2]),
        {Rule.CREDITS_DO_NOT_BALANCE, Rule.REFUND_WRONG},
    ),
    "an image refunded twice": (
        replace(holdings(PARTIAL), available=8, entries=[*holdings(PARTIAL).entries, entry(EntryKind.REFUND, 1)]),
        {Rule.CREDITS_DO_NOT_BALANCE, Rule.REFUND_WRONG},
    ),
    "a generation that nobody paid for": (
        replace(holdings(DONE), available=8, entries=holdings().entries),
        {Rule.CREDITS_DO_NOT_BALANCE, Rule.RESERVE_WRONG},
    ),
    "a reservation without a generation": (
        replace(holdings(DONE, objects={}), generations=()),
        {Rule.CREDITS_DO_NOT_BALANCE, Rule.GENERATION_MISSING},
    ),
    "entries without an account": (holdings(available=None), {Rule.ACCOUNT_MISSING}),
    "an open image that no sweep will see": (holdings(generation(RUNNING, due_at=None)), {Rule.OFF_THE_LIST}),
    "a stored image without its object": (holdings(DONE, objects=portrait(DONE, 0)), {Rule.OBJECT_MISSING}),
    "an object of other bytes": (
        holdings(DONE, objects={key: replace(one, sha256="00") for key, one in holdings(DONE).objects.items()}),
        {Rule.OBJECT_DIFFERS},
    ),
    "an object of another size": (
        holdings(DONE, objects={key: replace(one, size=1) for key, one in holdings(DONE).objects.items()}),
        {Rule.OBJECT_DIFFERS},
    ),
    "a photo that was refunded and is there": (
        holdings(replace(PARTIAL, due_at=None), objects=BOTH),
        {Rule.OBJECT_STRAY},
    ),
    "a photo that was deleted and is there": (holdings(replace(DONE, deleted=True)), {Rule.OBJECT_STRAY}),
    "an object of no generation": (holdings(objects=portrait(DONE, 0)), {Rule.OBJECT_STRAY}),
    "a ready photo that is gone": (holdings(uploads=[READY]), {Rule.OBJECT_MISSING}),
    "a cost below its attempts'": (holdings(generation(MIXED, cost=Decimal("0.068"))), {Rule.COST_WRONG}),
    "a cost above its attempts'": (holdings(generation(MIXED, cost=Decimal("0.109"))), {Rule.COST_WRONG}),
    "a cost without an attempt": (holdings(generation(QUEUED, cost=Decimal("0.04"))), {Rule.COST_WRONG}),
    "a cost above an old attempt's": (holdings(generation(OLD, cost=Decimal("0.05"))), {Rule.COST_WRONG}),
    "an item that cannot be read": (holdings(malformed=["GENERATION#1: KeyError"]), {Rule.MALFORMED}),
}


@pytest.mark.parametrize(("stands", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found(stands: Holdings, expected: set[Rule]) -> None:
    assert rules(stands) == expected


@pytest.mark.parametrize(
    ("stands", "last", "rule"),
    [
        (holdings(generation(RUNNING, due_at=START + 9999)), START + 3600, Rule.OVERDUE),
        (holdings(PARTIAL), NOW + 360 + 900, Rule.UNSWEPT),
        (holdings(objects=RAW), START + 7200, Rule.RAW_PHOTO_KEPT),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_has_its_time(stands: Holdings, last: float, rule: Rule) -> None:
    assert rules(stands, last) == set()
    assert rules(stands, last + 0.001) == {rule}


@dataclass
class InUse:
    """`operations.audit.holdings.Records` of one user, who is seen differently at each look."""

    seen: list[Holdings]
    waits: list[float] = field(default_factory=list)

    def users(self) -> Any:
        yield "ada"

    def welcomes(self) -> dict[str, WelcomeCounter]:
        return {}

    def of(self, _: str) -> Holdings:
        return self.seen.pop(0) if len(self.seen) > 1 else self.seen[0]

    def audit(self) -> tuple[Finding, ...]:
        (verdict,) = Audit(self, lambda: NOW, self.waits.append)()
        return verdict.findings


def test_what_was_only_under_way_is_no_finding() -> None:
    """The entry was read before the balance, by two requests; then the balance before the entry."""
    looks = InUse([holdings(available=4), holdings(available=12), holdings()])
    assert looks.audit() == ()
    assert looks.waits == [1.0]  # by then nothing stands any more


def test_what_stands_in_every_look_is_a_finding() -> None:
    looks = InUse([holdings(available=7)])
    assert {finding.rule for finding in looks.audit()} == {Rule.ENTRIES_DO_NOT_ADD_UP, Rule.CREDITS_DO_NOT_BALANCE}


def test_what_is_in_order_is_looked_at_once() -> None:
    looks = InUse([holdings(DONE)])
    assert looks.audit() == ()
    assert looks.waits == []
