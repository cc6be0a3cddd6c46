"""The audit of a deployment, on the terminal and for programs: every credit, generation and photo accounted for."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table as Grid

from operations.audit.audit import Audit, Verdict
from operations.audit.finding import Finding
from operations.audit.records import AwsRecords
from operations.errors import OperationError
from operations.stage import Stage
from veil.domain.credits import EntryKind
from veil.domain.ports import StorageUnavailable

SHOWN_USERS = 100  # beyond these, only users with findings are shown one by one
COLUMNS = ("user", "generations", "granted", "purchased", "available", "held", "captured", "")


@dataclass
class Report:
    """What an audit found; ``users`` and ``generations`` are how many were read."""

    users: int = 0
    generations: int = 0
    findings: list[Finding] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list, repr=False)  # those that are worth showing

    def add(self, verdict: Verdict) -> None:
        self.users += 1
        self.generations += len(verdict.holdings.generations)
        self.findings += verdict.findings
        if verdict.findings or len(self.verdicts) < SHOWN_USERS:
            self.verdicts.append(verdict)

    def as_json(self) -> dict[str, Any]:
        """``{"users", "generations", "findings": [{"user", "generation", "order", "rule", "detail"}]}``."""
        findings = [asdict(finding) for finding in self.findings]
        return {"users": self.users, "generations": self.generations, "findings": findings}


def audit_of(stage: Stage) -> Audit:
    """The audit of a deployment."""
    records = AwsRecords(stage.client("dynamodb"), stage.table, stage.client("s3"), stage.bucket)
    return Audit(records, time.time, time.sleep)


def audit(stage: Stage) -> Report:
    """Audit a deployment, showing nothing."""
    report = Report()
    for verdict in audit_of(stage)():
        report.add(verdict)
    return report


def run(audit: Audit, json_file: Path | None, console: Console) -> bool:
    """Audit with progress, show what came of it and write it to ``json_file``; answer whether all is well."""
    report = Report()
    try:
        _read(audit(), report, console)
    except (BotoCoreError, ClientError, StorageUnavailable) as error:
        raise OperationError(f"the audit could not read on after {report.users} users: {error}") from error
    _show(report, console)
    if json_file:
        json_file.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n")
    return not report.findings


def _read(verdicts: Iterable[Verdict], report: Report, console: Console) -> None:
    with console.status("auditing …") as status:
        for verdict in verdicts:
            report.add(verdict)
            status.update(f"{report.users} users, {report.generations} generations, {len(report.findings)} findings")


def _show(report: Report, console: Console) -> None:
    grid = Grid(*COLUMNS, box=None, pad_edge=False)
    for column in grid.columns[1:-1]:
        column.justify = "right"
    for verdict in report.verdicts:
        grid.add_row(*_row(verdict))
    console.print(grid)
    if report.users > len(report.verdicts):
        console.print(f"… and {report.users - len(report.verdicts)} more users, all in order")
    for finding in report.findings:
        console.print(f"{finding.rule}: {finding.where}: {finding.detail}", markup=False, soft_wrap=True)
    verdict_line = f"{len(report.findings)} findings" if report.findings else "no findings"
    console.print(f"{report.users} users, {report.generations} generations: {verdict_line}")


def _row(verdict: Verdict) -> tuple[str, ...]:
    holdings = verdict.holdings
    figures = (
        len(holdings.generations),
        holdings.given(EntryKind.GRANT),
        holdings.given(EntryKind.PURCHASE),
        "none" if holdings.available is None else holdings.available,
        holdings.held,
        holdings.captured,
    )
    count = len(verdict.findings)
    return (holdings.user, *map(str, figures), f"{count} findings" if count else "in order")
