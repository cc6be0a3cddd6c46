"""The report: shares and volumes that can be worked out on paper, and the goal that can be missed."""

from dataclasses import replace

import pytest

from proofs.cost.bill import Line
from proofs.cost.card import page, tables, verdict
from proofs.cost.counts import Counts
from proofs.cost.memory import Work
from proofs.cost.prices import PriceSheet
from proofs.cost.report import CostReport
from proofs.cost.run import Measured
from proofs.cost.standing import Charge

WORK = Work("gallery", invocations=8, cpu_ms=5, wait_ms=10, start_cpu_ms=300, peak_mb=63)


def counts(name: str) -> Counts:
    return Counts(visits=12, calls={}, records=[], logs={}, metrics={f"{name} stage=dev"}, images=[100, 200])


@pytest.fixture
def found() -> CostReport:
    """A generation that costs 0.0004, one that is cold 0.0001 more, a stage 1.6 a month."""
    measured = Measured(counts("cold"), counts("warm"), counts("idle"), counts("bought"), [], {})
    return CostReport(
        sheet=PriceSheet.read(),
        lines=[Line("S3", "webhook", "PUTs", 4, 0.0003), Line("Lambda", "gallery", "GB-seconds", 1, 0.0001)],
        cold=[Line("Lambda", "gallery", "starts", 1, 0.0001)],
        standing=[Charge("secrets", 4, 1.6)],
        works={"gallery": WORK},
        measured=measured,
        waits_doubled=0.0005,
        purchase=[Line("DynamoDB", "payments", "write units", 20, 0.00002), Line("S3", "payments", "GETs", 1, 1e-9)],
    )


def test_a_share_is_of_four_predictions_price(found: CostReport) -> None:
    assert found.replicate == pytest.approx(0.16)
    assert found.by("service") == {"S3": 0.0003, "Lambda": 0.0001}
    assert found.by("function") == {"webhook": 0.0003, "gallery": 0.0001}


def test_a_month_has_cold_visits_while_they_are_few_and_what_stands(found: CostReport) -> None:
    few, *_, many = found.months()
    assert few.cold == pytest.approx(0.7958, abs=1e-4)  # none in ten minutes, of 1,000 in 30.4 days
    assert few.usd == pytest.approx(1000 * (0.0004 + 0.7958 * 0.0001), rel=1e-4)
    assert few.share_with_standing == pytest.approx(100 * (few.usd + 1.6) / 160)
    assert many.share == pytest.approx(0.25)
    assert many.share_with_standing == pytest.approx(0.25 + 100 * 1.6 / 160_000)


def test_the_goal_holds_or_not(found: CostReport) -> None:
    assert found.holds() == {"without standing charges": True, "with standing charges": False}
    dear = replace(found, lines=[*found.lines, Line("S3", "webhook", "GETs", 1, 0.0001)])
    assert not any(dear.holds().values())
    assert found.enough == pytest.approx(1.6 / (0.00048 - 0.0004))
    assert replace(dear, lines=dear.lines * 2).enough == float("inf")
    free = replace(found, standing=[])
    assert all(free.holds().values())
    assert [line.rpartition(": ")[2] for line in verdict(found)] == ["holds.", "does not hold."]


def test_every_table_is_whole_and_on_the_page(found: CostReport) -> None:
    written = page(found)
    for shown in tables(found):
        assert all(len(row) == len(shown.columns) for row in shown.rows)
        assert f"## {shown.title}" in written
    assert found.as_json()["memory"][0]["cheapest"]["memory_mb"] == 128
    assert found.as_json()["holds"]["without standing charges"] is True


def test_what_another_attempt_adds(found: CostReport) -> None:
    (first, one, so_far), *_, (_, last, whole) = found.attempts
    assert (first, one, so_far) == ("black-forest-labs/flux-kontext-pro", 0.04, 0.04)
    assert (last, whole) == (0.045, 0.124)
    assert "3: black-forest-labs/flux-2-pro | 45.0 | 124.0" in page(found)
