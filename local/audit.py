"""The audit of a deployment, on the terminal and for programs: every credit, generation and photo accounted for."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table as Grid

from local.processes import LocalError
from local.running import RunningCloud
from veil.adapters.aws import CONFIG
from veil.adapters.dynamodb.table import Table
from veil.adapters.records import AwsRecords
from veil.domain.audit import Finding
from veil.domain.credits import EntryKind
from veil.domain.ports import StorageUnavailable
from veil.use_cases.audit import Audit, Verdict

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
        """``{"users", "generations", "findings": [{"user", "generation", "rule", "detail"}]}``."""
        findings = [asdict(finding) for finding in self.findings]
        return {"users": self.users, "generations": self.generations, "findings": findings}


def audit_of(running: RunningCloud) -> Audit:
    """The audit of a local cloud."""
    dynamodb, s3 = running.client("dynamodb", config=CONFIG), running.client("s3", config=CONFIG)
    return Audit(AwsRecords(Table(dynamodb, running.table), s3, running.bucket), time.time, time.sleep)


def audit_of_stage(stage: str, region: str) -> Audit:
    """The audit of a stage of your AWS account, by the credentials of your environment."""
    session = boto3.Session(region_name=region)
    try:
        stacks = session.client("cloudformation", config=CONFIG).describe_stacks(StackName=f"veil-{stage}")["Stacks"]
    except (BotoCoreError, ClientError) as error:
        raise LocalError(f"the stack veil-{stage} in {region} can't be read: {error}") from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}
    table = Table(session.client("dynamodb", config=CONFIG), outputs["TableName"])
    records = AwsRecords(table, session.client("s3", config=CONFIG), outputs["BucketName"])
    return Audit(records, time.time, time.sleep)


def audit(running: RunningCloud) -> Report:
    """Audit a local cloud, showing nothing."""
    report = Report()
    for verdict in audit_of(running)():
        report.add(verdict)
    return report


def run(audit: Audit, json_file: Path | None, console: Console) -> bool:
    """Audit with progress, show what came of it and write it to ``json_file``; answer whether all is well."""
    report = Report()
    try:
        _read(audit(), report, console)
    except (BotoCoreError, ClientError, StorageUnavailable) as error:
        raise LocalError(f"the audit could not read on after {report.users} users: {error}") from error
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
        where = f" generation {finding.generation}" if finding.generation else ""
        console.print(f"{finding.rule}: user {finding.user}{where}: {finding.detail}", markup=False, soft_wrap=True)
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
