"""What we seal and hand out, brought back by somebody else, or as something else: webhook tokens and cursors.

Every callback here is signed as Replicate signs, and says that an image has failed: the token alone protects it.
"""

import base64
import json
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import pytest
from itsdangerous import URLSafeSerializer

from local.simulated.environment import SECRETS
from local.simulated.functions import Answer
from tests.fakes.secrets import FakeSecret
from tests.hostile.attack import Attack
from tests.hostile.people import Person
from tests.support.driver import is_problem
from tests.support.wire import Wire
from veil.adapters.tokens import Cursors, SealedTokens
from veil.domain.ports import AttemptRef

PATHS = ("/generations", "/credits/entries")


class Thief(NamedTuple):
    """``mine`` and ``theirs`` have one of everything; ``seal`` seals with the deployment's own key."""

    mine: Person
    theirs: Person
    seal: Callable[[AttemptRef], str]

    @property
    def token(self) -> str:
        return self.theirs.callbacks.tokens[0]

    @property
    def ref(self) -> AttemptRef:
        """What it names."""
        return AttemptRef(self.theirs.user, self.theirs.running, 0, 1)


@pytest.fixture
def thief(functions: dict[str, ModuleType], victim: Person, mallory: Person) -> Thief:
    return Thief(mallory, victim, functions["webhook"].bootstrap.tokens.seal)


def _tell(attack: Attack, victim: Person, token: str) -> Answer:
    body = json.dumps({"id": victim.callbacks.ids[0], "status": "failed", "error": "(E1000)"}).encode()
    path = f"/webhooks/replicate/{token}"
    return attack.send("webhook", "POST", path, body, user=None, headers=victim.callbacks.sign(body))


def _sealed(key: str, salt: str, ref: AttemptRef) -> str:
    return str(URLSafeSerializer(key, salt=salt).dumps([ref.user, ref.generation_id, ref.index, ref.attempt]))


def _resigned(token: str) -> str:
    """The victim's token with another payload, and its signature as it was."""
    payload = base64.urlsafe_b64encode(b'["mallory","x",0,1]').rstrip(b"=").decode()
    return f"{payload}.{token.rpartition('.')[2]}"


# A token that is sent with the callback of image 0 of the victim's running generation.
TOKENS: dict[str, Callable[[Thief], str]] = {
    "of another image": lambda t: t.theirs.callbacks.tokens[1],
    "of another user": lambda t: t.mine.callbacks.tokens[0],
    "of another generation": lambda t: t.mine.callbacks.tokens[3],
    "of an image that the generation does not have": lambda t: t.seal(
        AttemptRef(t.theirs.user, t.theirs.running, 4, 1)
    ),
    "cut short": lambda t: t.token[:-1],
    "cut at its dot": lambda t: t.token.partition(".")[0],
    "its signature alone": lambda t: t.token.partition(".")[2],
    "longer by a letter": lambda t: t.token + "A",
    "longer by padding": lambda t: t.token + "=",
    "with letters that base64 passes over": lambda t: t.token + "!*",
    "with a space": lambda t: t.token + " ",
    "with a dot before": lambda t: "." + t.token,
    "twice": lambda t: f"{t.token}.{t.token}",
    "in upper case": lambda t: t.token.upper(),
    "another payload under its signature": lambda t: _resigned(t.token),
    "one dot": lambda _: ".",
    "two dots": lambda _: "..",
    "a percent-encoded NUL": lambda _: "%00",
    "8 kB": lambda _: "x" * 8_192,
    "8 kB of dots": lambda _: "." * 8_192,
    "Korean": lambda _: "토큰",
    "a guessed key": lambda t: SealedTokens(FakeSecret("a guessed key")).seal(t.ref),
    "no key": lambda t: SealedTokens(FakeSecret("")).seal(t.ref),
    "our key, made for something else": lambda t: _sealed(SECRETS["webhook-token-key"], "another-use", t.ref),
    "a cursor": lambda t: t.theirs.cursors["/generations"],
    "a cursor's key": lambda t: SealedTokens(FakeSecret(SECRETS["cursor-key"])).seal(t.ref),
    "an id": lambda t: t.theirs.running,
}


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_that_is_not_this_images(attack: Attack, thief: Thief, case: str) -> None:
    is_problem(_tell(attack, thief.theirs, TOKENS[case](thief)), 404, "token_not_found")


@pytest.mark.parametrize("token", ["a/b", "a/../b", "", "/", "a?b", "a#b", "a\\b", 'a"b', "a\0b", "\ud800"], ids=ascii)
def test_a_token_of_letters_that_none_has(attack: Attack, victim: Person, token: str) -> None:
    """The path is then another one, which answers as any unknown path does."""
    is_problem(_tell(attack, victim, token), 404, "not_found")


@pytest.mark.parametrize("attempt", [0, 2, 3, 99])
def test_a_token_of_an_attempt_that_is_not_running(attack: Attack, thief: Thief, attempt: int) -> None:
    """None was ever handed out; and if one were, its failure is not the running attempt's."""
    token = thief.seal(AttemptRef(thief.theirs.user, thief.theirs.running, 0, attempt))
    assert _tell(attack, thief.theirs, token).status == 204


def test_a_token_of_an_attempt_that_has_ended(attack: Attack, mallory: Person) -> None:
    """It settles nothing more: neither with the prediction that it was made for, nor with the one that runs now."""
    told = mallory.callbacks
    token, old = told.tokens[1], told.ids[1]
    body = json.dumps({"id": old, "status": "failed", "error": "(E1000)"}).encode()
    path = f"/webhooks/replicate/{token}"
    assert attack.send_freely("webhook", "POST", path, body, user=None, headers=told.sign(body)).status == 204
    attack.look()
    assert attack.send("webhook", "POST", path, body, user=None, headers=told.sign(body)).status == 204
    latest = next(reversed(attack.before["predictions"]))
    assert latest != old
    body = body.replace(old.encode(), latest.encode())
    answer = attack.send("webhook", "POST", path, body, user=None, headers=told.sign(body))
    is_problem(answer, 404, "token_not_found")


@pytest.mark.parametrize("status", ["succeeded", "failed"])
def test_a_token_of_a_deleted_generation(attack: Attack, victim: Person, outputs: Wire, status: str) -> None:
    """Nothing is left to settle, nothing is fetched, and no photo comes back."""
    told = victim.old_callbacks
    body = json.dumps({"id": told.ids[0], "status": status, "output": f"{outputs.url}/a.jpg"}).encode()
    path = f"/webhooks/replicate/{told.tokens[0]}"
    asked = len(outputs.asked)
    assert attack.send("webhook", "POST", path, body, user=None, headers=told.sign(body)).status == 204
    assert len(outputs.asked) == asked


CURSORS: dict[str, Callable[[Thief, str], str]] = {
    "of another user": lambda t, path: t.theirs.cursors[path],
    "of the other list": lambda t, path: t.mine.cursors[PATHS[1 - PATHS.index(path)]],
    "a webhook token": lambda t, _: t.mine.callbacks.tokens[0],
    "an id of mine": lambda t, _: t.mine.running,
    "an id of theirs": lambda t, _: t.theirs.running,
    "a guessed key": lambda t, _: str(
        Cursors(FakeSecret("guessed")).seal(t.mine.user, "generations", t.theirs.running)
    ),
    "a webhook token's key": lambda t, _: str(
        Cursors(FakeSecret(SECRETS["webhook-token-key"])).seal(t.mine.user, "generations", t.mine.running)
    ),
    "cut short": lambda t, path: t.mine.cursors[path][:-1],
    "longer by padding": lambda t, path: t.mine.cursors[path] + "=",
    "with letters that base64 passes over": lambda t, path: t.mine.cursors[path] + "!",
    "two of them": lambda t, path: f"{t.mine.cursors[path]},{t.mine.cursors[path]}",
    "empty": lambda *_: "",
    "one letter": lambda *_: "x",
    "no JSON": lambda *_: "a.b",
    "JSON unsigned": lambda *_: "W10.W10",
    "a sort key": lambda *_: "CREDITS",
    "the least": lambda *_: "\0",
    "the greatest": lambda *_: "\uffff",
    "Korean": lambda *_: "한글",
    "half a surrogate pair": lambda *_: "\ud800",
    "a percent-encoded NUL": lambda *_: "%00",
    "8 kB": lambda *_: "x" * 8_192,
}


@pytest.mark.parametrize("case", CURSORS)
@pytest.mark.parametrize("path", PATHS)
def test_a_cursor_that_is_not_this_lists(attack: Attack, thief: Thief, path: str, case: str) -> None:
    raw = {"queryStringParameters": {"cursor": CURSORS[case](thief, path)}}
    is_problem(attack.send("gallery", "GET", path, raw=raw), 422, "invalid_cursor")


@pytest.mark.parametrize("path", PATHS)
def test_a_cursor_of_ones_own(attack: Attack, mallory: Person, path: str) -> None:
    """The other side of that table."""
    assert attack.send("gallery", "GET", path, query={"cursor": mallory.cursors[path]}).status == 200
