"""The threat model names files and tests that exist."""

import re

import pytest

from local.processes import ROOT

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "layers" / "shared" / "python" / "veil"
NAMED = sorted(set(re.findall(r"`([a-z_]+(?:/[\w.-]+)*\.(?:py|md|txt)(?:::\w+)?)`", PAGE)))


def test_there_are_some() -> None:
    assert len([name for name in NAMED if "::" in name]) > 20


@pytest.mark.parametrize("named", NAMED)
def test_it_exists(named: str) -> None:
    path, _, test = named.partition("::")
    (found,) = [each for each in (ROOT / path, PACKAGE / path) if each.is_file()]
    assert not test or f"\ndef {test}(" in found.read_text(encoding="utf-8")


def test_every_row_names_a_place_and_a_test() -> None:
    rows = [row.strip("|").split("|") for row in PAGE.splitlines() if row.startswith("| ")]
    for threat, _, where, test in rows[1:]:
        assert "`" in where, threat
        assert "`tests/" in test, threat
