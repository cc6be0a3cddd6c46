"""Boot the local cloud, make the visits, take the counters."""

import json
import shutil
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any

import httpx

from local.client import VeilClient
from local.cloud.options import Options
from local.cloud.running import RunningCloud
from local.cloud.up import cloud
from local.processes import poll
from local.progress import Progress
from proofs.cost.calls import Call
from proofs.cost.counts import Counts, LogBytes, Record, by_function
from proofs.cost.units import item_size
from proofs.cost.visit import phone_photo, visit

SERVICES = ("dynamodb", "s3", "sqs", "secretsmanager")
PROBE = Path(__file__).with_name("probe")
REPLICATE_SECONDS = 5.0  # that a prediction takes here; it decides how often the app polls
IDLE_SWEEPS = 5
SETTLE_SECONDS = 180
# The sweep's first look, after a minute less than deployed: no generation here is open for so long, and the run need
# not wait for what two webhooks at once have left to the sweep.
SETTINGS = {"DUE_SECONDS": "30,300,900,1800,2700"}


@dataclass(frozen=True)
class Measured:
    """``cold``: a first visit, which found no function running; ``warm``: those after it; ``idle``: sweeps with
    nothing to do; ``records``: of all the run; ``template``: of the stack that ran.
    """

    cold: Counts
    warm: Counts
    idle: Counts
    records: list[Record]
    template: Mapping[str, Any]


def measure(generations: int, state: Path, progress: Progress) -> Measured:
    """Do it on a cloud of its own; raises `LocalError` when that can't be had or a visit goes wrong."""
    records = state / "records"
    shutil.rmtree(records, ignore_errors=True)
    records.mkdir(parents=True)
    options = Options(
        state=state,
        settings=SETTINGS,
        detour=SERVICES,
        detour_by="proofs.cost.counter",
        detour_presigned=True,
        functions_environment={"PYTHONPATH": str(PROBE), "COST_PROBE": str(records)},
    )
    with cloud(options, progress) as running, _Run(running, records, progress) as run:
        with progress.step("a first visit, which finds every function cold"):
            cold = run.visits("cold", 1)
        with progress.step(f"{generations} visits, one after another"):
            warm = run.visits("warm", generations)
        with progress.step(f"{IDLE_SWEEPS} sweeps when nothing is due"):
            idle = run.sweeps()
        (template,) = (state / "cdk.out").glob("veil-*.template.json")
        return Measured(cold, warm, idle, run.records(), json.loads(template.read_text()))


class _Run:
    """One run's parts, each counted apart."""

    def __init__(self, running: RunningCloud, records: Path, progress: Progress) -> None:
        self._running, self._records, self._progress = running, records, progress
        self._photo = phone_photo()
        self._dynamodb, self._lambda, self._logs = map(running.client, ("dynamodb", "lambda", "logs"))
        self._number = 0

    def __enter__(self) -> "_Run":
        trust = ssl.create_default_context(cafile=self._running.aws.ca_bundle)
        self._http = httpx.Client(verify=trust, trust_env=False, timeout=30)
        speed = {"replicate": {"latency": REPLICATE_SECONDS}}
        self._http.post(f"{self._running.providers_url}/_control", json=speed).raise_for_status()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def visits(self, name: str, count: int) -> Counts:
        began, before = self._begin(), self._table_bytes()
        sizes: list[int] = []
        for _ in range(count):
            self._number += 1
            with VeilClient(self._running.api_url, self._running.token_url, f"visitor-{self._number}") as client:
                sizes += visit(client, self._photo)
        poll(lambda: not self._sweep_open(), SETTLE_SECONDS, interval=5)
        counts = self._end(name, count, began)
        counts.portraits, counts.table_bytes = sizes, self._table_bytes() - before
        return counts

    def sweeps(self) -> Counts:
        """Sweeps one after another; a warm one first."""
        self._sweep()
        began = self._begin()
        for _ in range(IDLE_SWEEPS):
            self._sweep()
        return self._end("idle", 0, began)

    def _begin(self) -> float:
        """Forget what was counted so far, once all of it has been written down; answer the time."""
        self._quiet()
        self._http.delete(f"{self._running.detour_url}/_counter").raise_for_status()
        return time()

    def _end(self, name: str, visits: int, began: float) -> Counts:
        self._quiet()
        counted = self._http.delete(f"{self._running.detour_url}/_counter").raise_for_status().json()
        records = self.records()
        owners = {each.access_key: each.function for each in records if each.kind == "start"}
        logs, metrics = self._log_bytes(began)
        return Counts(
            name=name,
            visits=visits,
            calls=by_function([Call(**each) for each in counted], owners),
            records=[each for each in records if each.at >= began],
            logs=logs,
            metrics=metrics,
        )

    def _quiet(self) -> None:
        """Wait until no function has told anything for a second."""
        seen = [-1]

        def still() -> bool:
            count = len(self.records())
            seen.append(count)
            return seen[-1] == seen[-2]

        poll(still, 30, interval=1)

    def records(self) -> list[Record]:
        """All that the functions have told so far."""
        names = {function: name for name, function in self._running.functions.items()}
        told = [json.loads(line) for file in self._records.glob("*.jsonl") for line in file.read_text().splitlines()]
        return [Record(**{**each, "function": names[each["function"]]}) for each in told]

    def _log_bytes(self, began: float) -> tuple[dict[str, LogBytes], set[str]]:
        """Of each function since ``began``, and the custom metrics that its lines carry."""
        logs: dict[str, LogBytes] = {}
        metrics: set[str] = set()
        pages = self._logs.get_paginator("filter_log_events")
        for name, function in self._running.functions.items():
            logs[name] = LogBytes()
            asked = {"logGroupName": f"/aws/lambda/{function}", "startTime": int(began * 1000)}
            for event in (event for page in pages.paginate(**asked) for event in page["events"]):
                logs[name].add(event["message"])
                metrics.update(metrics_in(event["message"]))
        return logs, metrics

    def _sweep(self) -> None:
        self._lambda.invoke(FunctionName=self._running.functions["sweeper"], Payload=b"{}")

    def _sweep_open(self) -> bool:
        """Whether the work list has anything, which may be due by now."""
        found = self._dynamodb.scan(TableName=self._running.table, IndexName="work", Select="COUNT")
        if found["Count"]:
            self._sweep()
        return bool(found["Count"])

    def _table_bytes(self) -> int:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._running.table, ConsistentRead=True)
        return sum(item_size(item) for page in pages for item in page["Items"])


def metrics_in(line: str) -> set[str]:
    """The metrics of an embedded-metrics line, each with its dimensions: ``Sweeps service=sweeper stage=dev``."""
    if '"_aws"' not in line:
        return set()
    told = json.loads(line)
    found: set[str] = set()
    for directive in told["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = " ".join(f"{name}={told[name]}" for name in sorted(names))
            found.update(f"{metric['Name']} {dimensions}" for metric in directive["Metrics"])
    return found
