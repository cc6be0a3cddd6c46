"""Boot the local cloud, make the visits, take the counters."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any

from local.cloud.options import Options
from local.processes import poll
from operations.client import VeilClient
from operations.progress import Progress
from proofs.cost.counts import Call, Counts, LogBytes, Record, by_function
from proofs.cost.units import item_size
from proofs.cost.visit import phone_photo, purchase, visit
from proofs.stack import Stack, deployed

SERVICES = ("dynamodb", "s3", "sqs", "secretsmanager")
PROBE = Path(__file__).with_name("probe")
REPLICATE_SECONDS = 5.0  # that a prediction takes here; it decides how often the client polls
IDLE_SWEEPS = 5
SETTLE_SECONDS = 180
# The sweep looks first after half a minute instead of one and a half: no generation here is open for so long, and what
# two webhooks at once leave to the sweep is then done sooner.
SETTINGS = {"DUE_SECONDS": "30,300,900,1800,2700"}


@dataclass(frozen=True)
class Measured:
    """``cold``: a first visit, which found no function running; ``warm``: those after it; ``idle``: sweeps with
    nothing to do; ``bought``: purchases; ``records``: of all the run; ``template``: of the stack that ran.
    """

    cold: Counts
    warm: Counts
    idle: Counts
    bought: Counts
    records: list[Record]
    template: Mapping[str, Any]

    @property
    def metrics(self) -> set[str]:
        """The custom metrics that were published, by name and dimensions."""
        return self.cold.metrics | self.warm.metrics | self.idle.metrics | self.bought.metrics


def measure(generations: int, state: Path, progress: Progress) -> Measured:
    """Do it on a cloud of its own; raises `LocalError` when that can't be had or a visit fails."""
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
    with deployed(options, progress) as stack:
        stack.providers("POST", {"replicate": {"latency": REPLICATE_SECONDS}})
        run = _Run(stack, records)
        with progress.step("a first visit, which finds every function cold"):
            cold = run.visits(1)
        with progress.step(f"{generations} visits, one after another"):
            warm = run.visits(generations)
        with progress.step(f"{IDLE_SWEEPS} sweeps when nothing is due"):
            idle = run.sweeps()
        with progress.step(f"{generations} purchases, after one that finds its function cold"):
            run.purchases(1)
            bought = run.purchases(generations)
        (template,) = (state / "cdk.out").glob("veil-*.template.json")
        return Measured(cold, warm, idle, bought, run.records(), json.loads(template.read_text()))


class _Run:
    """The parts of one run, each counted apart."""

    def __init__(self, stack: Stack, records: Path) -> None:
        self._stack, self._running, self._records = stack, stack.running, records
        self._photo = phone_photo()
        self._dynamodb, self._logs = map(stack.running.client, ("dynamodb", "logs"))
        self._number = 0

    def visits(self, count: int) -> Counts:
        """So many visits, each of a new user."""
        began, before = self._begin(), self._table_bytes()
        sizes: list[int] = []
        for _ in range(count):
            self._number += 1
            user = f"visitor-{self._number}"
            with VeilClient.signed_in(
                self._running.api_url, self._running.token_url, user, poll_seconds=None
            ) as client:
                sizes += client.run(visit(self._photo, f"visit-{user}"))
        poll(lambda: not self._sweep_open(), SETTLE_SECONDS, interval=5)
        counts = self._end(count, began)
        counts.images, counts.table_bytes = sizes, self._table_bytes() - before
        return counts

    def purchases(self, count: int) -> Counts:
        """So many purchases, each of a new user."""
        began, before = self._begin(), self._table_bytes()
        control = f"{self._running.providers_url}/_control/toss/pay"
        for _ in range(count):
            self._number += 1
            url, token = self._running.api_url, self._running.token_url
            with VeilClient.signed_in(url, token, f"buyer-{self._number}", poll_seconds=None) as client:
                client.run(purchase(control))
        counts = self._end(count, began)
        counts.table_bytes = self._table_bytes() - before
        return counts

    def sweeps(self) -> Counts:
        """Sweeps one after another, after a first one that warms the function."""
        self._stack.sweep()
        began = self._begin()
        for _ in range(IDLE_SWEEPS):
            self._stack.sweep()
        return self._end(0, began)

    def _begin(self) -> float:
        """Reset the counter once everything so far has been written down; answers the time."""
        self._quiet()
        self._stack.detour("DELETE", "/_counter")
        return time()

    def _end(self, visits: int, began: float) -> Counts:
        self._quiet()
        calls = [Call(**each) for each in self._stack.detour("DELETE", "/_counter")]
        records = self.records()
        owners = {each.access_key: each.function for each in records if each.kind == "start"}
        logs, metrics = self._log_bytes(began)
        return Counts(
            visits=visits,
            calls=by_function(calls, owners),
            records=[each for each in records if each.at >= began],
            logs=logs,
            metrics=metrics,
        )

    def _quiet(self) -> None:
        """Wait until no function has written a record for a second."""
        seen = [-1]

        def still() -> bool:
            seen.append(len(self.records()))
            return seen[-1] == seen[-2]

        poll(still, 30, interval=1)

    def records(self) -> list[Record]:
        """All that the functions' probes have written so far."""
        names = {function: name for name, function in self._running.functions.items()}
        lines = [json.loads(line) for file in self._records.glob("*.jsonl") for line in file.read_text().splitlines()]
        return [Record(**{**each, "function": names[each["function"]]}) for each in lines]

    def _log_bytes(self, began: float) -> tuple[dict[str, LogBytes], set[str]]:
        """Of each function since ``began``, and the custom metrics in its lines."""
        logs: dict[str, LogBytes] = {}
        metrics: set[str] = set()
        pages = self._logs.get_paginator("filter_log_events")
        for name, function in self._running.functions.items():
            logs[name] = LogBytes()
            of_function = {"logGroupName": f"/aws/lambda/{function}", "startTime": int(began * 1000)}
            for event in (event for page in pages.paginate(**of_function) for event in page["events"]):
                logs[name].add(event["message"])
                metrics.update(metrics_in(event["message"]))
        return logs, metrics

    def _sweep_open(self) -> bool:
        """Sweep if the work list has anything, which may be due by now; answers whether it had."""
        found = self._dynamodb.scan(TableName=self._running.table, IndexName="work", Select="COUNT")
        if found["Count"]:
            self._stack.sweep()
        return bool(found["Count"])

    def _table_bytes(self) -> int:
        return sum(map(item_size, self._stack.items()))


def metrics_in(line: str) -> set[str]:
    """The metrics of an embedded-metrics line, each with its dimensions: ``Sweeps service=sweeper stage=dev``."""
    if '"_aws"' not in line:
        return set()
    document = json.loads(line)
    found: set[str] = set()
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = " ".join(f"{name}={document[name]}" for name in sorted(names))
            found.update(f"{metric['Name']} {dimensions}" for metric in directive["Metrics"])
    return found
