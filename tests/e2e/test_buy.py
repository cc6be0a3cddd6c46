"""`make buy`, on a cloud that runs."""

import io

import httpx
import pytest
from rich.console import Console

from local.buy import Purchase, buy_there
from local.cloud.options import Options
from local.cloud.running import RunningCloud
from local.processes import LocalError
from operations.progress import Progress


def bought(running: RunningCloud, product: str) -> str:
    written = io.StringIO()
    buy_there(Purchase(product, browser=False), running, Options(), Progress(Console(file=written, width=200)))
    return written.getvalue()


def test_a_pack_is_bought_and_the_ledger_printed(running: RunningCloud) -> None:
    said = bought(running, "pack_large")
    assert "29,000 KRW" in said
    assert "refundable: 40 credits for 29,000 KRW" in said
    assert "purchase  +40" in said


def test_a_lost_answer_is_waited_for(running: RunningCloud) -> None:
    """Toss has charged, and its answer never came: its webhook tells, or else the work list asks."""
    control = f"{running.providers_url}/_control"
    httpx.post(control, json={"toss": {"confirm": ["lost"]}}, trust_env=False).raise_for_status()
    try:
        assert "purchase   +4" in bought(running, "pack_small")
    finally:
        httpx.delete(control, trust_env=False).raise_for_status()


def test_a_pack_that_is_none(running: RunningCloud) -> None:
    with pytest.raises(LocalError, match="there is no pack 'pack_huge'; there are pack_small, pack_medium, pack_large"):
        bought(running, "pack_huge")
