"""What contradicts a user's books: nothing where all is well, and every kind of loss where it is not."""

from collections.abc import Callable
from typing import Any

import pytest

from proofs.chaos_live.review import View, contradictions
from proofs.chaos_live.user import Books

STORED, REFUNDED = {"status": "stored", "url": "https://s3", "error": None}, {"status": "refunded", "url": None}


def image(index: int, kind: dict[str, Any]) -> dict[str, Any]:
    return {"index": index, **kind}


def generation(generation_id: str, *kinds: dict[str, Any]) -> dict[str, Any]:
    return {"id": generation_id, "images": [image(index, kind) for index, kind in enumerate(kinds)]}


def entry(kind: str, amount: int, reference: str) -> dict[str, Any]:
    return {"kind": kind, "amount": amount, "reference": reference}


@pytest.fixture
def books() -> Books:
    """Two uploads, one generation that is there and one that the user threw away."""
    thrown = generation("g2", STORED, REFUNDED, REFUNDED, REFUNDED)
    return Books("ada", {"u1": None, "u2": "no_face"}, {"g1": "k1", "g2": "k2"}, {"g2": thrown})


@pytest.fixture
def view() -> View:
    """What fits them: 8 credits granted, 4 captured, 4 refunded."""
    return View(
        credits={"available": 4, "held": 0, "owed": 0},
        entries=[
            entry("grant", 8, "welcome"),
            entry("reserve", -4, "g1"),
            entry("refund", 1, "g1"),
            entry("reserve", -4, "g2"),
            *[entry("refund", 1, "g2")] * 3,
        ],
        generations={"g1": generation("g1", STORED, STORED, STORED, REFUNDED)},
        uploads={
            "u1": {"status": "ready", "reason": None},
            "u2": {"status": "rejected", "reason": {"code": "no_face"}},
        },
        downloads={"g1/0": 200, "g1/1": 200, "g1/2": 200},
        replays={"g1": "g1"},
    )


def test_books_that_fit(books: Books, view: View) -> None:
    assert contradictions(books, view, 8) == []


WRONG: dict[str, tuple[Callable[[View], object], str]] = {
    "an image that is gone": (
        lambda view: view.downloads.update({"g1/1": 404}),
        "image g1/1 was paid and answers 404",
    ),
    "an image never downloaded": (lambda view: view.downloads.pop("g1/2"), "image g1/2 was paid and answers None"),
    "a refunded image with a URL": (lambda view: view.downloads.update({"g1/3": 200}), "is refunded, and has a URL"),
    "an image that never ended": (
        lambda view: view.generations["g1"]["images"][0].update(status="running"),
        "image g1/0 is still running",
    ),
    "a refund that never came": (
        lambda view: view.entries.remove(entry("refund", 1, "g1")),
        "has 0 × ('refund', 'g1', 1), not 1",
    ),
    "a refund that came twice": (
        lambda view: view.entries.append(entry("refund", 1, "g1")),
        "has 2 × ('refund', 'g1', 1), not 1",
    ),
    "a reservation that came twice": (
        lambda view: view.entries.append(entry("reserve", -4, "g2")),
        "has 2 × ('reserve', 'g2', -4), not 1",
    ),
    "a reservation of nobody's": (
        lambda view: view.entries.append(entry("reserve", -4, "g3")),
        "has 1 × ('reserve', 'g3', -4), not 0",
    ),
    "a second welcome": (lambda view: view.entries.append(entry("grant", 8, "welcome")), "not once as 8"),
    "a credit lost": (lambda view: view.credits.update(available=3), "4 of 8 were captured"),
    "a credit held for ever": (lambda view: view.credits.update(held=1), "4 of 8 were captured"),
    "a generation lost": (lambda view: view.generations.clear(), "generation g1 was answered and is gone"),
    "a generation too many": (
        lambda view: view.generations.update(g3=generation("g3", *[REFUNDED] * 4)),
        "generation g3 is there, and no answer named it",
    ),
    "a key that made another": (lambda view: view.replays.update(g1="g4"), "the key of generation g1 answers g4 now"),
    "a check that never ended": (
        lambda view: view.uploads["u1"].update(status="checking"),
        "upload u1 is checking (None), not ready (None)",
    ),
    "a bad photo accepted": (
        lambda view: view.uploads.update(u2={"status": "ready", "reason": None}),
        "upload u2 is ready (None), not rejected (no_face)",
    ),
    "a good photo refused": (
        lambda view: view.uploads.update(u1={"status": "rejected", "reason": {"code": "no_face"}}),
        "upload u1 is rejected (no_face), not ready (None)",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_does_not_fit_is_found(books: Books, view: View, wrong: str) -> None:
    spoil, expected = WRONG[wrong]
    spoil(view)
    found = contradictions(books, view, 8)
    assert any(expected in each for each in found), found
