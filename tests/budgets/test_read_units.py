"""What reading costs, by DynamoDB's rules: a page of a person's images costs a page, whatever they have deleted."""

import pytest

from proofs.bench.rows import history


def test_a_page_costs_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark counts the same behind 10,000 deleted generations, which takes a minute."""
    monkeypatch.setattr(history, "LENGTHS", (10, 60))
    monkeypatch.setattr(history, "DELETED", 60)
    longer, behind_deleted = history.history()
    assert "60 deleted" in behind_deleted.name
    assert longer.ratio == behind_deleted.ratio == 1
