"""Scores that are kept, and the consents that they rest on: one thing wrong at a time."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from operations.audit.finding import Rule
from operations.audit.holdings import Holdings
from tests.contract.backends import Backend, on_moto
from tests.contract.images import ALIKE, NOT_ALIKE, OUTPUT, UNALIKE, attempts, refunded, stored
from tests.fakes.clock import START
from tests.fakes.replicate import describe
from tests.operations.audit.test_bought_records import put
from tests.operations.audit.test_records import audit
from tests.operations.audit.test_rules import NOW, QUEUED, RUNNING, generation, holdings, rules
from veil.domain.consents import Consent, ConsentKind
from veil.domain.generation import Image, ImageError
from veil.domain.likeness import Likeness

AGREED = Consent(ConsentKind.FACE_COMPARISON, "01CONSENT", "2026-11-26", granted=True, at=START)
REFUSED = replace(AGREED, granted=False)
OTHER = replace(AGREED, kind=ConsentKind.THIRD_PARTY_AI)
UNCHECKED, RECORDED = Likeness("fake", 80), Likeness("fake", 0, 12, 1)
TWO_FACES = replace(ALIKE, faces=2)
UNLIKE = replace(refunded(QUEUED, NOW, ImageError.UNLIKE), unlike={1: UNALIKE, 2: UNALIKE})
AGAIN = replace(RUNNING, attempt=2, failures=1, unlike={1: UNALIKE})


def compared(likeness: Likeness) -> Image:
    return replace(stored(QUEUED, NOW), output=replace(OUTPUT, likeness=likeness))


def stands(image: Image, consent: Consent | None = AGREED, *, named: bool = True) -> Holdings:
    """A user with one image, whose generation was reserved with a consent of this id, where it is ``named``."""
    one = generation(image, face_consent=AGREED.id if named else None)
    consents: Mapping[str, Consent] = {} if consent is None else {consent.id: consent}
    return holdings(one, consents=consents)


@pytest.mark.parametrize(
    "image", [compared(ALIKE), compared(UNCHECKED), compared(RECORDED), UNLIKE, AGAIN, stored(QUEUED, NOW)]
)
def test_what_was_compared_with_consent(image: Image) -> None:
    assert rules(stands(image)) == set()


@pytest.mark.parametrize("image", [compared(UNCHECKED), stored(QUEUED, NOW), RUNNING])
def test_what_was_never_compared_needs_none(image: Image) -> None:
    assert rules(stands(image, None, named=False)) == set()


@pytest.mark.parametrize("likeness", [UNALIKE, TWO_FACES, replace(UNALIKE, score=79), replace(UNALIKE, faces=0)])
def test_an_unlike_image_that_is_stored(likeness: Likeness) -> None:
    assert rules(stands(compared(likeness))) == {Rule.UNLIKE_STORED}


@pytest.mark.parametrize("image", [compared(ALIKE), compared(RECORDED), UNLIKE, AGAIN])
@pytest.mark.parametrize(
    ("consent", "named"), [(None, False), (AGREED, False), (None, True), (REFUSED, True), (OTHER, True)]
)
def test_a_score_without_consent(image: Image, consent: Consent | None, named: bool) -> None:
    assert rules(stands(image, consent, named=named)) == {Rule.SCORE_WITHOUT_CONSENT}


def settle(backend: Backend, *, granted: bool, user: str = "ada") -> None:
    """Two images, one like the user and one not, made with a consent that is taken back since."""
    given = replace(AGREED, id=backend.new_id(START), granted=granted)
    later = replace(AGREED, id=backend.new_id(START), granted=False, at=START + 1)
    assert backend.consents.decide(user, given, None)
    backend.accounts.open_account(user, 2, START)
    one = replace(backend.generation(user, START, images=2), face_consent=given.id)
    backend.ledger.reserve(one, None, START)
    running = backend.ledger.claim(one, attempts(one.images), START)
    assert running
    backend.photos.write_once(one.result_key(0), b"an image", describe(b"an image"))
    backend.ledger.capture(running, running.images[0], replace(OUTPUT, likeness=ALIKE), START, one.due_at)
    backend.ledger.refund(running, running.images[1], NOT_ALIKE, START, START)
    assert backend.consents.decide(user, later, given)


def test_records_are_read_and_one_taken_back_since_is_no_finding() -> None:
    with on_moto() as backend:
        settle(backend, granted=True)
        held, found = audit()
        assert found == []
        assert [consent.granted for consent in held["ada"].consents.values()] == [True, False]


def test_a_record_that_refuses_is_a_finding() -> None:
    with on_moto() as backend:
        settle(backend, granted=False)
        assert [one.rule for one in audit()[1]] == [Rule.SCORE_WITHOUT_CONSENT]


@pytest.mark.parametrize("sort", ["CONSENT#face_comparison#2", "CONSENT#palm_reading#1", "CONSENT"])
def test_a_record_that_cannot_be_read(sort: str) -> None:
    with on_moto():
        put("USER#ada", sort, id="1", version="2026-11-26", granted=True, at=int(START))
        assert [one.rule for one in audit()[1]] == [Rule.MALFORMED]
