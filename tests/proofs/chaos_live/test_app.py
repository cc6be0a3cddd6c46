"""How the app of a run asks again, and what it holds against the backend."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from local.processes import LocalError
from proofs.chaos_live import app as module
from proofs.chaos_live.app import App
from proofs.chaos_live.score import Score

AGAIN = ("503 temporarily_unavailable", "429 rate_limited", "502 of the gateway", "ReadTimeout")

type Answering = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0)


def problem(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code}, headers={"content-type": "application/problem+json"})


def ask(score: Score, *answers: httpx.Response | Exception) -> httpx.Response:
    """Ask for the credits; the answers come in turn."""
    turns = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        turn = next(turns)
        if isinstance(turn, Exception):
            raise turn
        return turn

    async def asking() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            return await App(http, "http://veil.test", "token", "ada", score).ask("GET /credits")

    return asyncio.run(asking())


@pytest.fixture
def score() -> Score:
    return Score(seed=1, users=1)


def test_it_asks_again_after_honest_trouble(score: Score) -> None:
    troubles: list[httpx.Response | Exception] = [
        problem(503, "temporarily_unavailable"),
        problem(429, "rate_limited"),
        httpx.Response(502, json={"message": "Internal server error"}),
        httpx.ReadTimeout("nothing came"),
    ]
    assert ask(score, *troubles, httpx.Response(200, json={})).status_code == 200
    assert score.retries == dict.fromkeys(AGAIN, 1)
    assert score.answers["GET /credits 502 of the gateway"] == 1
    assert not score.violations


def test_a_defect_is_a_violation_even_if_the_next_try_succeeds(score: Score) -> None:
    assert ask(score, problem(500, "internal_error"), httpx.Response(200, json={})).status_code == 200
    assert score.violations == ["ada: GET /credits answered 500 internal_error"]


def test_a_refusal_is_final(score: Score) -> None:
    assert ask(score, problem(402, "insufficient_credits")).status_code == 402
    assert not score.retries


def test_patience_ends(score: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", -1)
    with pytest.raises(LocalError, match="GET /credits of ada got no final answer"):
        ask(score, problem(503, "temporarily_unavailable"))
