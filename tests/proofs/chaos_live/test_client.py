"""When a user's client asks again, and what it holds against the backend."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from local.processes import LocalError
from operations.visit import CREDITS, Refused
from proofs.chaos_live import client as module
from proofs.chaos_live.client import LiveClient
from proofs.chaos_live.report import LiveReport

AGAIN = ("503 temporarily_unavailable", "429 rate_limited", "502 of the gateway", "ReadTimeout")

type Answering = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0)


def problem(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code}, headers={"content-type": "application/problem+json"})


def ask(report: LiveReport, *answers: httpx.Response | Exception) -> httpx.Response:
    """Ask for the credits; the answers come in turn."""
    turns = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        turn = next(turns)
        if isinstance(turn, Exception):
            raise turn
        return turn

    async def asking() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            final: httpx.Response = await LiveClient(http, "http://veil.test", "token", "ada", report).ask(CREDITS)
            return final

    return asyncio.run(asking())


@pytest.fixture
def report() -> LiveReport:
    return LiveReport(seed=1, users=1)


def test_it_asks_again_after_honest_trouble(report: LiveReport) -> None:
    troubles: list[httpx.Response | Exception] = [
        problem(503, "temporarily_unavailable"),
        problem(429, "rate_limited"),
        httpx.Response(502, json={"message": "Internal server error"}),
        httpx.ReadTimeout("nothing came"),
    ]
    assert ask(report, *troubles, httpx.Response(200, json={})).status_code == 200
    assert report.counts["retries"] == dict.fromkeys(AGAIN, 1)
    assert report.counts["answers"]["GET /credits 502 of the gateway"] == 1
    assert not report.violations


def test_a_defect_is_a_violation_even_if_the_next_try_succeeds(report: LiveReport) -> None:
    assert ask(report, problem(500, "internal_error"), httpx.Response(200, json={})).status_code == 200
    assert report.violations == ["ada: GET /credits answered 500 internal_error"]


def test_a_refusal_is_final(report: LiveReport) -> None:
    with pytest.raises(Refused) as refused:
        ask(report, problem(402, "insufficient_credits"))
    assert refused.value.answer.status_code == 402
    assert not report.counts["retries"]


def test_patience_ends(report: LiveReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", -1)
    with pytest.raises(LocalError, match="GET /credits got no final answer"):
        ask(report, problem(503, "temporarily_unavailable"))
