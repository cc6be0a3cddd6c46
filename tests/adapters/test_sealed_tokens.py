"""Webhook tokens and cursors: ours come back as they went, and nothing else comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from tests.fakes.secrets import FakeSecret
from veil.adapters.tokens import Cursors, SealedTokens
from veil.domain.errors import InvalidCursor, TokenNotFound
from veil.domain.ports import AttemptRef

REF = AttemptRef("alice", "01JDCK5T7Q8Z9A1B2C3D4E5F6G", 2, 3)
tokens, cursors = SealedTokens(FakeSecret("key")), Cursors(FakeSecret("key"))

users = st.text(max_size=50).filter(lambda text: text.isprintable())


@given(users, st.integers(0, 7), st.integers(1, 9))
def test_a_token_comes_back_as_it_went(user: str, index: int, attempt: int) -> None:
    ref = AttemptRef(user, REF.generation_id, index, attempt)
    sealed = tokens.seal(ref)
    assert tokens.unseal(sealed) == ref
    assert set(sealed) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")  # one path segment


@given(st.text(max_size=80))
def test_any_other_text_is_no_token(text: str) -> None:
    with pytest.raises(TokenNotFound):
        tokens.unseal(text)
    with pytest.raises(InvalidCursor):
        cursors.unseal("alice", "generations", text)


def test_no_letter_of_a_token_may_change() -> None:
    sealed = tokens.seal(REF)
    for at, letter in enumerate(sealed):
        for other in {chr(ord(letter) ^ 1), "A", "B"} - {letter}:  # the last of base64 carries spare bits
            with pytest.raises(TokenNotFound):
                tokens.unseal(sealed[:at] + other + sealed[at + 1 :])


@pytest.mark.parametrize("more", ["=", "==", "\n", "!", " ", "é", "\ud800"], ids=ascii)
def test_no_letter_may_be_added(more: str) -> None:
    """Base64 passes over them, or takes them for padding."""
    for forged in (tokens.seal(REF) + more, more + tokens.seal(REF)):
        with pytest.raises(TokenNotFound):
            tokens.unseal(forged)
    with pytest.raises(InvalidCursor):
        cursors.unseal("alice", "generations", f"{cursors.seal('alice', 'generations', '01J')}{more}")


@pytest.mark.parametrize(
    "forged",
    [
        URLSafeSerializer("key").dumps(["alice", "g", 0, 1]),
        URLSafeSerializer("", salt="webhook-token").dumps(["alice", "g", 0, 1]),
        SealedTokens(FakeSecret("another key")).seal(REF),
        cursors.seal("alice", "generations", "01J"),
        "",
        ".",
        "W10.",
    ],
)
def test_what_another_has_sealed_is_no_token(forged: str) -> None:
    with pytest.raises(TokenNotFound):
        tokens.unseal(forged)


def test_a_cursor_is_bound_to_its_user_and_its_list() -> None:
    sealed = cursors.seal("alice", "generations", "01JDCK")
    assert cursors.unseal("alice", "generations", sealed) == "01JDCK"
    assert sealed
    for user, listing in (("bob", "generations"), ("alice", "entries"), ("generations", "alice"), ("", "")):
        with pytest.raises(InvalidCursor):
            cursors.unseal(user, listing, sealed)


def test_no_cursor() -> None:
    assert cursors.seal("alice", "generations", None) is None
    assert cursors.unseal("alice", "generations", None) is None


def test_sealed_with_the_current_key_and_opened_with_any_that_is_honoured() -> None:
    key = FakeSecret("old")
    rotating, pages = SealedTokens(key), Cursors(key)
    token, cursor = rotating.seal(REF), pages.seal("alice", "entries", "01J")
    key.rotate("new")
    assert rotating.unseal(token) == REF
    assert pages.unseal("alice", "entries", cursor) == "01J"
    assert SealedTokens(FakeSecret("new")).unseal(rotating.seal(REF)) == REF
    assert Cursors(FakeSecret("new")).unseal("alice", "entries", pages.seal("alice", "entries", "01J")) == "01J"
    key.rotate("newer")
    with pytest.raises(TokenNotFound):
        rotating.unseal(token)
    with pytest.raises(InvalidCursor):
        pages.unseal("alice", "entries", cursor)
