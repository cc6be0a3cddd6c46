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

OWN = [Line("S3", "webhook", "PUTs", 4, 0.0003), Line("Lambda", "gallery", "GB-seconds", 1, 0.0001)]
FACES = Line("Rekognition", "webhook", "comparisons of faces", 4, 0.0048)


def counts(name: str) -> Counts:
    return Counts(visits=12, calls={}, records=[], logs={}, metrics={f"{name} stage=dev"}, images=[100, 200])


@pytest.fixture
def found() -> CostReport:
    """A generation that costs 0.0004, one that is cold 0.0001 more, a stage 1.6 a month."""
    cold, warm, compared, again, idle, bought = map(counts, ("cold", "warm", "compared", "again", "idle", "bought"))
    measured = Measured(cold, warm, compared, again, idle, bought, {"an erasure": counts("erased")}, [], {})
    return CostReport(
        sheet=PriceSheet.read(),
        lines=OWN,
        cold=[Line("Lambda", "gallery", "starts", 1, 0.0001)],
        standing=[Charge("secrets", 4, 1.6)],
        works={"gallery": WORK},
        measured=measured,
        waits_doubled=0.0005,
        purchase=[Line("DynamoDB", "payments", "write units", 20, 0.00002), Line("S3", "payments", "GETs", 1, 1e-9)],
        compared=[*OWN, Line("Lambda", "webhook", "GB-seconds", 1, 0.00001), FACES],
        again=[*OWN, Line("DynamoDB", "webhook", "write units", 4, 0.00005)],
        people={"an erasure": [Line("DynamoDB", "eraser", "write units", 40, 0.00003)]},
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
    without, standing, compared = verdict(found)
    assert [line.rpartition(": ")[2] for line in (without, standing)] == ["holds.", "does not hold."]
    assert "adds USD 4.80 to 1,000 generations" in compared
    assert "3.26 %" in compared


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
    assert found.usd_again == pytest.approx(0.00005)
    written = page(found)
    assert "1: black-forest-labs/flux-kontext-pro | 40.0 | 40.0 |  | 1.20 |" in written
    assert "3: black-forest-labs/flux-2-pro | 45.0 | 124.0 | 0.0500 | 1.20 |" in written


def test_the_comparison_of_faces_stands_beside_the_old_share(found: CostReport) -> None:
    assert found.holds()["without standing charges"] is True  # as it was before there was a comparison
    written = page(found)
    assert "| AWS without Rekognition | 0.4000 | 0.4100 |" in written
    assert "| Rekognition | 0.0000 | 4.8000 |" in written
    assert "| AWS, % of Replicate's | 0.2500 | 3.2562 |" in written
    assert "| comparisons in a generation | 0 | 4.0 |" in written
    assert found.as_json()["usd_rekognition"] == pytest.approx(0.0048)


def test_what_a_person_asks_for_once(found: CostReport) -> None:
    assert "| an erasure | 40.0 | 0 | 0.0300 |" in page(found)
    assert found.as_json()["people_usd"] == {"an erasure": 0.00003}
