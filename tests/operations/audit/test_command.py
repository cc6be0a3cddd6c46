"""The audit's terminal and its file."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from local import __main__ as commands
from operations.audit.audit import Audit
from operations.audit.holdings import Debt, Holdings, WelcomeCounter
from operations.audit.report import SHOWN_USERS, run
from operations.errors import OperationError
from tests.operations.audit import bought
from tests.operations.audit.test_rules import DONE, holdings
from veil.domain.ports import StorageUnavailable


class Kept:
    """`operations.audit.holdings.Records` of these users."""

    def __init__(self, *users: Holdings | Exception) -> None:
        self._users = {str(number): kept for number, kept in enumerate(users)}

    def users(self) -> object:
        return iter(self._users)

    def welcomes(self) -> dict[str, WelcomeCounter]:
        return {}

    def of(self, user: str) -> Holdings:
        kept = self._users[user]
        if isinstance(kept, Exception):
            raise kept
        return kept


def audited(records: Kept, json_file: Path | None = None) -> tuple[bool, str]:
    shown = io.StringIO()
    audit = Audit(records, lambda: DONE.created_at, lambda _: None)  # type: ignore[arg-type]
    return run(audit, json_file, Console(file=shown, width=120)), shown.getvalue()


def test_what_is_in_order(tmp_path: Path) -> None:
    well, shown = audited(Kept(holdings(), holdings(DONE)), tmp_path / "report.json")
    assert well
    assert "2 users, 1 generations, 0 orders: no findings" in shown
    counts = {"users": 2, "generations": 1, "orders": 0, "unread": 0}
    assert json.loads((tmp_path / "report.json").read_text()) == {**counts, "findings": []}


def test_what_is_wrong(tmp_path: Path) -> None:
    well, shown = audited(Kept(holdings(DONE, objects={})), tmp_path / "report.json")
    assert not well
    assert f"object_missing: user ada generation {DONE.id}: {DONE.result_key(0)}" in shown
    report = json.loads((tmp_path / "report.json").read_text())
    about = {"user": "ada", "generation": DONE.id, "order": None}
    expected = {**about, "rule": "object_missing", "detail": DONE.result_key(0)}
    assert report["findings"][0] == expected


def test_of_many_users_those_with_findings_are_shown() -> None:
    well, shown = audited(Kept(*[holdings()] * (SHOWN_USERS + 5), holdings(available=9)))
    assert not well
    assert sum(line.startswith("ada ") for line in shown.splitlines()) == SHOWN_USERS + 1
    assert "… and 5 more users" in shown
    assert "2 findings" in shown


def test_columns_of_money_are_shown_where_there_is_some() -> None:
    assert not {"orders", "purchased", "withdrawn", "owed"} & set(audited(Kept(holdings()))[1].split())
    owing = bought.holdings(bought.PAID, entries=[bought.BOUGHT], debt=Debt(3, DONE.created_at))
    shown = audited(Kept(holdings(), owing))[1].splitlines()
    assert shown[0].split() == [
        *("user", "generations", "orders", "granted", "purchased", "available", "held", "captured", "owed")
    ]
    assert shown[2].split()[:9] == ["ada", "0", "1", "0", "12", "12", "0", "0", "3"]


def test_what_cannot_be_read_stops_it() -> None:
    with pytest.raises(OperationError, match="after 1 users"):
        audited(Kept(holdings(), StorageUnavailable("throttled")))


def test_without_a_cloud(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert commands.main(["audit", "--state", str(tmp_path)]) == 1
    assert "no local cloud runs here" in capsys.readouterr().err
