"""open → stored | refunded: an image is settled once, and its credits are kept or given back once."""

from dataclasses import replace
from decimal import Decimal

from tests.contract.backends import Backend
from tests.contract.images import (
    ALIKE,
    BILLED,
    NOT_ALIKE,
    OUTPUT,
    UNALIKE,
    UNBILLED,
    UNPAID,
    attempts,
    refunded,
    stored,
)
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from tests.fakes.replicate import describe
from veil.domain.credits import Balance, EntryKind
from veil.domain.generation import Generation, ImageError, ImageStatus
from veil.domain.likeness import Likeness
from veil.domain.ports import WorkItem

NOW = START + 20.25
LATER = START + 140.5


def refunds_of(backend: Backend, generation: Generation) -> list[int]:
    found = backend.accounts.entries(generation.user, 50, None).items
    return [one.amount for one in found if one.kind is EntryKind.REFUND and one.reference == generation.id]


def test_an_image_is_stored_and_keeps_its_credit(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    after = backend.ledger.capture(running, running.images[2], OUTPUT, NOW, running.due_at)
    assert after == running.with_images(stored(running.images[2], NOW))
    assert backend.stands(running) == after
    assert backend.accounts.balance(user, NOW) == Balance(0, 3)
    assert refunds_of(backend, running) == []


def test_a_success_of_an_older_attempt_wins_while_the_image_is_open(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    queued = backend.ledger.requeue(running, running.images[0], BILLED)
    assert queued is not None
    after = backend.ledger.capture(running, running.images[0], OUTPUT, NOW, running.due_at)
    assert after is not None
    assert after.images[0] == stored(queued.images[0], NOW)


def test_what_was_found_of_it_stands_with_it(backend: Backend, user: str) -> None:
    """A score, or that nobody could compare it; and of which earlier attempts it was found that they are unlike."""
    running = backend.running(user, START)
    for image, found in ((running.images[0], ALIKE), (running.images[1], Likeness("fake", 80))):
        after = backend.ledger.capture(running, image, replace(OUTPUT, likeness=found), NOW, running.due_at)
        assert after is not None
        assert after.images[image.index].output == replace(OUTPUT, likeness=found)
        assert backend.stands(running) == after


def test_what_was_unlike_is_remembered_by_its_attempt(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    queued = backend.ledger.requeue(running, running.images[0], NOT_ALIKE)
    assert queued is not None
    assert (queued.images[0].unlike, queued.images[0].failures) == ({1: UNALIKE}, 1)
    again = backend.ledger.claim(queued, attempts(queued.images[:1]), NOW)
    assert again is not None
    after = backend.ledger.refund(again, again.images[0], NOT_ALIKE, NOW, LATER)
    assert after is not None
    assert after.images[0].unlike == {1: UNALIKE, 2: UNALIKE}
    assert after.images[0].error is ImageError.UNLIKE
    assert backend.stands(running) == after


def test_an_image_is_stored_once(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    first = backend.ledger.capture(running, running.images[0], OUTPUT, NOW, running.due_at)
    assert backend.ledger.capture(running, running.images[0], describe(b"another"), NOW, None) is None
    assert backend.stands(running) == first


def test_a_refunded_image_is_never_stored(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    backend.ledger.refund(running, running.images[0], BILLED, NOW, LATER)
    before = backend.stands(running)
    assert backend.ledger.capture(running, running.images[0], OUTPUT, NOW, None) is None
    assert backend.stands(running) == before


def test_the_last_capture_takes_it_off_the_list(backend: Backend, user: str) -> None:
    running = backend.running(user, START, images=1)
    after = backend.ledger.capture(running, running.images[0], OUTPUT, NOW, None)
    assert after is not None
    assert after.due_at is None
    assert backend.due(running, LATER) == []


def test_a_capture_moves_the_date_only_when_it_is_another(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    assert running.due_at is not None
    backend.work.lease(WorkItem.of(running, running.due_at), NOW + 60)  # moved since it was read
    unmoved = backend.ledger.capture(running, running.images[0], OUTPUT, NOW, running.due_at)
    assert unmoved is not None
    assert unmoved.due_at == NOW + 60
    moved = backend.ledger.capture(running, running.images[1], OUTPUT, NOW, LATER)
    assert moved is not None
    assert moved.due_at == LATER
    assert backend.due(running, LATER) == [LATER]


def test_a_refund_gives_the_credits_back_and_enters_them(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    after = backend.ledger.refund(running, running.images[1], UNBILLED, NOW, LATER)
    image = replace(refunded(running.images[1], NOW, UNBILLED.error), attempts={1: UNPAID})
    assert after == replace(running.with_images(image), due_at=LATER, cost=Decimal("0.12"))
    assert backend.stands(running) == after
    assert backend.accounts.balance(user, NOW) == Balance(1, 3)
    assert refunds_of(backend, running) == [1]
    assert backend.due(running, LATER) == [LATER]


def test_a_refund_gives_back_what_the_image_had_cost(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 20, START)
    generation = replace(backend.generation(user, START), credits_per_image=5)
    backend.ledger.reserve(generation, None, START)
    backend.ledger.refund(generation, generation.images[0], BILLED, NOW, LATER)
    assert backend.accounts.balance(user, NOW) == Balance(5, 15)


def test_an_image_is_refunded_once(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    first = backend.ledger.refund(running, running.images[0], BILLED, NOW, LATER)
    assert backend.ledger.refund(running, running.images[0], UNBILLED, NOW, LATER + 1) is None
    assert backend.stands(running) == first
    assert backend.accounts.balance(user, NOW) == Balance(1, 3)
    assert refunds_of(backend, running) == [1]


def test_a_stored_image_is_not_refunded(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    before = backend.ledger.capture(running, running.images[0], OUTPUT, NOW, running.due_at)
    assert backend.ledger.refund(running, running.images[0], BILLED, NOW, LATER) is None
    assert backend.stands(running) == before
    assert backend.accounts.balance(user, NOW) == Balance(0, 3)
    assert refunds_of(backend, running) == []


def test_a_refund_of_an_older_attempt_is_lost(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    queued = backend.ledger.requeue(running, running.images[0], BILLED)
    assert backend.ledger.refund(running, running.images[0], BILLED, NOW, LATER) is None
    assert backend.stands(running) == queued
    assert refunds_of(backend, running) == []


def test_a_generation_that_is_gone_is_not_settled(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    backend.erase(running)
    assert backend.ledger.capture(running, running.images[0], OUTPUT, NOW, None) is None
    assert backend.ledger.refund(running, running.images[0], BILLED, NOW, LATER) is None
    assert backend.generations.get(user, running.id) is None
    assert refunds_of(backend, running) == []


@RACES
def test_of_two_captures_at_once_one_wins(backend: Backend, user: str) -> None:
    for _ in range(5):
        running = backend.running(user, START)
        results = at_once([lambda r=running: backend.ledger.capture(r, r.images[0], OUTPUT, NOW, r.due_at)] * 2)  # type: ignore[misc]
        assert sorted(result is None for result in results) == [False, True]


@RACES
def test_of_a_refund_and_a_capture_at_once_one_wins(backend: Backend, user: str) -> None:
    for _ in range(10):
        running = backend.running(user, START)
        before = backend.accounts.balance(user, NOW)
        assert before is not None
        results = at_once(
            [
                lambda r=running: backend.ledger.refund(r, r.images[0], BILLED, NOW, LATER),  # type: ignore[misc]
                lambda r=running: backend.ledger.capture(r, r.images[0], OUTPUT, NOW, r.due_at),  # type: ignore[misc]
            ]
        )
        assert sorted(result is None for result in results) == [False, True]
        gave_back = backend.stands(running).images[0].status is ImageStatus.REFUNDED
        assert backend.accounts.balance(user, NOW) == Balance(before.available + gave_back, before.held - 1)
        assert refunds_of(backend, running) == [1] * gave_back


@RACES
def test_four_images_are_settled_at_once(backend: Backend, user: str) -> None:
    """Four webhooks of one generation: the table's conflicts are waited out, and each has its effect."""
    running = backend.running(user, START)
    one, two, three, four = running.images
    results = at_once(
        [
            lambda: backend.ledger.refund(running, one, BILLED, NOW, LATER),
            lambda: backend.ledger.refund(running, two, BILLED, NOW, LATER),
            lambda: backend.ledger.capture(running, three, OUTPUT, NOW, running.due_at),
            lambda: backend.ledger.refund(running, four, BILLED, NOW, LATER),
        ]
    )
    assert all(isinstance(result, Generation) for result in results), results
    assert backend.accounts.balance(user, NOW) == Balance(3, 0)
    assert refunds_of(backend, running) == [1, 1, 1]
