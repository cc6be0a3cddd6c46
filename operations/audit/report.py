"""The audit of a deployment, on the terminal and for programs: every credit, generation and photo accounted for."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table as Grid

from operations.audit.against_toss import AgainstToss
from operations.audit.audit import Audit, Verdict, nothing
from operations.audit.finding import Finding
from operations.audit.holdings import Holdings
from operations.audit.records import AwsRecords
from operations.auditor import bucket_of
from operations.errors import OperationError
from operations.stage import Stage
from veil.domain.credits import EntryKind
from veil.domain.ports import StorageUnavailable

SHOWN_USERS = 100  # beyond these, only users with findings are shown one by one
COLUMNS: dict[str, Callable[[Holdings], object]] = {
    "generations": lambda one: len(one.generations),
    "orders": lambda one: len(one.money.orders),
    "granted": lambda one: one.given(EntryKind.GRANT),
    "purchased": lambda one: one.given(EntryKind.PURCHASE),
    "withdrawn": lambda one: one.withdrawn,
    "available": lambda one: "none" if one.available is None else one.available,
    "held": lambda one: one.held,
    "captured": lambda one: one.captured,
    "owed": lambda one: one.money.debt.owed,
}
OF_MONEY = ("orders", "purchased", "withdrawn", "owed")  # shown only where somebody has some


@dataclass
class Report:
    """What an audit found; ``users``, ``generations`` and ``orders`` are how many were read; ``unread`` orders could
    not be held against Toss, for the reason ``why``.
    """

    users: int = 0
    generations: int = 0
    orders: int = 0
    unread: int = 0
    why: str = ""
    findings: list[Finding] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list, repr=False)  # those that are worth showing

    def add(self, verdict: Verdict) -> None:
        self.users += verdict.holdings.is_a_users
        self.generations += len(verdict.holdings.generations)
        self.orders += len(verdict.holdings.money.orders)
        self.findings += verdict.findings
        if verdict.findings or len(self.verdicts) < SHOWN_USERS:
            self.verdicts.append(verdict)

    @property
    def clean(self) -> bool:
        """Whether all was read, and nothing found."""
        return not (self.findings or self.unread)

    @property
    def counted(self) -> str:
        return f"{self.users} users, {self.generations} generations, {self.orders} orders"

    def as_json(self) -> dict[str, Any]:
        """``{"users", "generations", "orders", "unread", "findings": [{"user", "generation", "order", "rule",
        "detail"}]}``.
        """
        findings = [asdict(finding) for finding in self.findings]
        counts = {"users": self.users, "generations": self.generations, "orders": self.orders, "unread": self.unread}
        return {**counts, "findings": findings}


def audit_of(stage: Stage, toss: AgainstToss | None = None) -> Audit:
    """The audit of a deployment."""
    records = AwsRecords(stage.client("dynamodb"), stage.table, stage.client("s3"), stage.bucket, bucket_of(stage))
    return Audit(records, time.time, time.sleep, toss or nothing)


def audit(stage: Stage, toss: AgainstToss | None = None) -> Report:
    """Audit a deployment, showing nothing; ``toss``: hold its orders against Toss, too."""
    report = Report()
    for verdict in audit_of(stage, toss)():
        report.add(verdict)
    if toss:
        report.unread, report.why = toss.unread, toss.why
    return report


def run(audit: Audit, json_file: Path | None, console: Console, toss: AgainstToss | None = None) -> bool:
    """Audit with progress, show what came of it and write it to ``json_file``; answer whether all is well. ``toss`` is
    what the audit holds orders against, if it does.
    """
    report = Report()
    try:
        _read(audit(), report, console, toss)
    except (BotoCoreError, ClientError, StorageUnavailable) as error:
        raise OperationError(f"the audit could not read on after {report.users} users: {error}") from error
    if toss:
        report.unread, report.why = toss.unread, toss.why
    _show(report, console)
    if toss:
        console.print(f"{toss.read} orders were held against Toss")
    if json_file:
        json_file.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n")
    return report.clean


def _read(verdicts: Iterable[Verdict], report: Report, console: Console, toss: AgainstToss | None) -> None:
    with console.status("auditing …") as status:
        for verdict in verdicts:
            report.add(verdict)
            at_toss = f", {toss.read} of them held against Toss" if toss else ""
            status.update(f"{report.counted}{at_toss}, {len(report.findings)} findings")


def _show(report: Report, console: Console) -> None:
    console.print(_grid(report.verdicts))
    if report.users > len(report.verdicts):
        console.print(f"… and {report.users - len(report.verdicts)} more users, all in order")
    for finding in report.findings:
        console.print(f"{finding.rule}: {finding.where}: {finding.detail}", markup=False, soft_wrap=True)
    if report.unread:
        console.print(f"{report.unread} orders could not be read at Toss: {report.why}", markup=False, soft_wrap=True)
    verdict_line = f"{len(report.findings)} findings" if report.findings else "no findings"
    console.print(f"{report.counted}: {verdict_line}")


def _grid(verdicts: list[Verdict]) -> Grid:
    rows = [{name: str(figure(one.holdings)) for name, figure in COLUMNS.items()} for one in verdicts]
    shown = [name for name in COLUMNS if name not in OF_MONEY or any(row[name] != "0" for row in rows)]
    grid = Grid("user", *shown, "", box=None, pad_edge=False)
    for column in grid.columns[1:-1]:
        column.justify = "right"
    for verdict, row in zip(verdicts, rows, strict=True):
        count = len(verdict.findings)
        figures = [row[name] for name in shown]
        grid.add_row(verdict.holdings.user, *figures, f"{count} findings" if count else "in order")
    return grid
