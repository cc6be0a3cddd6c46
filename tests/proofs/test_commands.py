"""What the commands of the proofs share: their tables and their numbers."""

import argparse

import pytest

from proofs.commands import Sheet, at_least_one, counts, sections

SHEET = Sheet("Costs", ("what", "USD"), [("a", "1"), ("c", "2")])


def test_words_stand_left_and_figures_right() -> None:
    assert SHEET.markdown() == "| what | USD |\n|---|---:|\n| a | 1 |\n| c | 2 |"
    assert [column.justify for column in SHEET.table().columns] == ["left", "right"]
    assert [column.justify for column in SHEET._replace(words=2).table().columns] == ["left", "left"]


def test_counts_are_in_the_order_of_their_names() -> None:
    assert counts("Faults", {"b": 1000, "a": 2}, "fault").markdown().splitlines()[2:] == ["| a | 2 |", "| b | 1,000 |"]


def test_each_table_of_a_page_has_its_title() -> None:
    assert sections([SHEET, SHEET]).count("## Costs\n\n| what | USD |") == 2


@pytest.mark.parametrize("text", ["0", "-1"])
def test_a_number_has_to_be_one_or_more(text: str) -> None:
    assert at_least_one("1") == 1
    with pytest.raises(argparse.ArgumentTypeError, match=text):
        at_least_one(text)
