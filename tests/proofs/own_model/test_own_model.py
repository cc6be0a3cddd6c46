"""When a GPU of one's own pays: the arithmetic, and that its guide has the numbers that it gives."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from infra.own_model.pins import Pins
from proofs import __main__ as commands
from proofs.own_model.command import BEYOND, ENDS, PAGE, guesses, with_tables
from proofs.own_model.sheet import Sheet
from proofs.own_model.sums import DAYS, Sums

SHEET = Sheet.read()
SUMS = Sums(SHEET, disk_gb=100)
ALWAYS = SHEET.machine["on_demand"]
FREE = SHEET.model_copy(
    update={
        "beside": SHEET.beside.model_copy(update={"disk_usd_per_gb": 0, "address_usd_per_hour": 0, "alarms_usd": 0})
    }
)


def test_images_by_others() -> None:
    assert SUMS.api("kontext", 5_000) == pytest.approx(5_000 * 4 * 0.04)


def test_the_machine_is_paid_for_by_its_hours() -> None:
    alone = replace(SUMS, sheet=FREE)
    assert alone.standing(ALWAYS) == pytest.approx(730 * 0.99)
    by_day = ALWAYS.model_copy(update={"hours_per_day": 12})
    assert alone.standing(by_day) == pytest.approx(365 * 0.99)


def test_what_is_beside_it_is_paid_for_too() -> None:
    beside = SHEET.beside
    expected = 730 * (0.99 + beside.address_usd_per_hour) + 100 * beside.disk_usd_per_gb + beside.alarms_usd
    assert SUMS.standing(ALWAYS) == pytest.approx(expected)


def test_it_makes_so_many_and_the_rest_is_made_by_others() -> None:
    speed = SHEET.speed.model_copy(update={"seconds_per_image": 10, "most_busy": 0.5})
    sums = replace(SUMS, sheet=SHEET.model_copy(update={"speed": speed}))
    most = sums.most_images(ALWAYS)
    assert most == int(24 * DAYS * 3600 / 20)
    assert sums.own(ALWAYS, most // 4, BEYOND) == pytest.approx(sums.standing(ALWAYS))
    more = sums.own(ALWAYS, most // 4 + 1_000, BEYOND)
    assert more - sums.standing(ALWAYS) == pytest.approx((4 * (most // 4 + 1_000) - most) * 0.04)


def test_what_comes_at_night_is_made_by_others() -> None:
    by_day = ALWAYS.model_copy(update={"serves": 0.75})
    assert SUMS.own(by_day, 1_000, BEYOND) - SUMS.standing(by_day) == pytest.approx(1_000 * 0.04)


@pytest.mark.parametrize("name", SHEET.machine)
@pytest.mark.parametrize("api", SHEET.api)
def test_it_pays_from_where_both_cost_the_same(name: str, api: str) -> None:
    machine = SHEET.machine[name]
    least = SUMS.pays_from(machine, api)
    assert least is not None
    assert SUMS.own(machine, least, api) <= SUMS.api(api, least)
    assert SUMS.own(machine, least - 1, api) > SUMS.api(api, least - 1)


def test_it_may_never_pay() -> None:
    slow = SHEET.speed.model_copy(update={"seconds_per_image": 600})
    assert replace(SUMS, sheet=SHEET.model_copy(update={"speed": slow})).pays_from(ALWAYS, "klein") is None


def test_the_guide_has_these_numbers() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_tables(page, Sums(SHEET, Pins.read().disk_gb)) == page
    assert "| own, spot, 9 to 1 |" in page.partition(ENDS)[0]


def test_a_price_that_changes_changes_the_guide() -> None:
    page, dearer = PAGE.read_text(encoding="utf-8"), ALWAYS.model_copy(update={"usd_per_hour": 2.0})
    sheet = SHEET.model_copy(update={"machine": {**SHEET.machine, "on_demand": dearer}})
    assert with_tables(page, Sums(sheet, Pins.read().disk_gb)) != page


def test_the_command_says_what_is_guessed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    before = PAGE.read_text(encoding="utf-8")
    assert commands.main(["own-model", "--generations", "15000", "--json", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "15,000" in shown
    assert "are assumed: " in shown
    document = json.loads(file.read_text())
    assert document["api"]["kontext"] == {"15000": 2400.0}
    assert "speed" in document["assumed"]
    assert PAGE.read_text(encoding="utf-8") == before  # a number of one's own is not the guide's


def test_what_was_read_is_told_from_what_was_assumed() -> None:
    assert set(guesses(SHEET)) == {"beside", "speed", "spot_day"}
