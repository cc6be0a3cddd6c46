"""The benchmark's own arithmetic: what a row says, when it holds, and how the table is shown."""

import json
from pathlib import Path

import pytest

from proofs.bench.row import BenchRow, in_turns, measured, page
from proofs.commands import write_json


def test_a_measured_row_is_of_medians_with_the_spread_of_the_turns() -> None:
    row = measured("ours", "theirs", [1.0, 9.0, 2.0], [2.0, 3.0, 4.0], unit="s", limit=1.0)
    assert (row.ours, row.against, row.spread) == (2.0, 3.0, (0.5, 3.0))
    assert row.ratio == pytest.approx(2 / 3)
    assert row.holds


@pytest.mark.parametrize(
    ("ours", "limit", "at_least", "holds"),
    [(0.75, 0.75, False, True), (0.76, 0.75, False, False), (0.85, 0.85, True, True), (0.84, 0.85, True, False)],
)
def test_a_row_holds_to_its_limit(ours: float, limit: float, at_least: bool, holds: bool) -> None:
    assert BenchRow("a", "b", ours, 1.0, "s", limit, at_least=at_least).holds is holds


def test_ways_take_turns_and_the_first_only_warms() -> None:
    called: list[str] = []

    def way(name: str) -> float:
        called.append(name)
        return len(called)

    measured = in_turns({"a": lambda: way("a"), "b": lambda: way("b")}, turns=2)
    assert called == ["a", "b"] * 3
    assert measured == {"a": [3.0, 5.0], "b": [4.0, 6.0]}


MISSED = BenchRow("time: at once", "four predictions", 2.0, 1.0, "s", 0.01, spread=(1.5, 2.5))
COUNTED = BenchRow("round trips", "allowed", 4, 4, "calls", 1.0)


def test_the_page_says_of_each_row_whether_it_holds_and_of_a_missed_one_why() -> None:
    said = page([MISSED, COUNTED], 3.8, {"time": "the provider is too fast."})
    assert "| time: at once | four predictions | 2 (1.5–2.5) | ≤ 0.01 | **not reached** |" in said
    assert "| round trips | 4 of 4 calls allowed | 1 | ≤ 1 | holds |" in said
    assert "- **time: at once**: the provider is too fast." in said
    assert "A prediction takes 3.8 s" in said


def test_a_page_without_missed_rows_explains_none() -> None:
    assert "What is not reached" not in page([COUNTED], 3.8, {})


def test_a_program_gets_the_rows(tmp_path: Path) -> None:
    write_json(tmp_path / "rows" / "bench.json", {"rows": [COUNTED.as_json()]})
    row = {"name": "round trips", "ours": 4, "against": 4, "ratio": 1.0, "limit": 1.0, "holds": True}
    assert json.loads((tmp_path / "rows" / "bench.json").read_text()) == {"rows": [row]}
