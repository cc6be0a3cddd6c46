"""The parts of a run: each resets the counters, does one thing so many times, and takes them."""

import json
from collections.abc import Callable
from pathlib import Path
from time import time

from local.processes import poll
from operations.client import VeilClient
from operations.visit import Script
from proofs.cost.counts import Call, Counts, LogBytes, Record, by_function
from proofs.cost.units import item_size
from proofs.cost.visit import consents, leaving, phone_photo, purchase, visit, welcome
from proofs.stack import Stack

IDLE_SWEEPS = 5
SETTLE_SECONDS = 180
COMPARED_BY = (
    "webhook"  # the stand-in of Rekognition counts its calls, and not whose they are: none of them is late here
)


class Parts:
    """The parts of one run, each counted apart."""

    def __init__(self, stack: Stack, records: Path) -> None:
        self._stack, self._running, self._records = stack, stack.running, records
        self._photo = phone_photo()
        self._dynamodb, self._logs = map(stack.running.client, ("dynamodb", "logs"))
        self._number, self._compared = 0, 0

    def visits(self, count: int, *, compared: bool = False, fails: bool = False) -> Counts:
        """So many visits, each of a new user. ``compared``: who agrees to the comparison of faces; ``fails``: the
        first attempt at one of the images does.
        """
        began, before = self._begin(), self._table_bytes()
        sizes: list[int] = []
        for user in self._new_users("visitor", count):
            if fails:
                self._stack.providers("POST", {"replicate": {"outcome": ["failed"]}})
            sizes += self._play(user, visit(self._photo, f"visit-{user}", compared=compared))
        poll(lambda: not self._sweep_open(), SETTLE_SECONDS, interval=5)
        counts = self._end(count, began)
        counts.images, counts.table_bytes = sizes, self._table_bytes() - before
        return counts

    def purchases(self, count: int) -> Counts:
        """So many purchases, each of a new user."""
        control = f"{self._running.providers_url}/_control/toss/pay"
        return self._each(self._new_users("buyer", count), lambda: purchase(control))

    def people(self, count: int) -> dict[str, Counts]:
        """What each of so many people asks for once: the welcome, the consents, and to be erased with all that a visit
        leaves. The last look at what came late, six minutes after an erasure, is not waited for; until then the work
        list is not empty.
        """
        users = self._new_users("person", count + 1)
        counted = {
            "the welcome, with its account": self._each(users[1:], welcome),
            "two consents": self._each(users[1:], consents),
        }
        for user in users:
            self._play(user, visit(self._photo, f"visit-{user}"))
        poll(lambda: not self._sweep_open(), SETTLE_SECONDS, interval=5)
        self._each(users[:1], leaving)  # finds its functions cold
        erased = self._each(users[1:], leaving)
        erased.table_bytes = 0  # it lessens what is kept
        return {**counted, "an erasure": erased}

    def _new_users(self, name: str, count: int) -> list[str]:
        self._number += count
        return [f"{name}-{number}" for number in range(self._number - count, self._number)]

    def _play[Result](self, user: str, script: Script[Result]) -> Result:
        """Run a script as this user, who waits as the API asks."""
        url, token = self._running.api_url, self._running.token_url
        with VeilClient.signed_in(url, token, user, poll_seconds=None) as client:
            return client.run(script)

    def _each(self, users: list[str], script: Callable[[], Script[None]]) -> Counts:
        """What a script costs that each of these users runs once."""
        began, before = self._begin(), self._table_bytes()
        for user in users:
            self._play(user, script())
        counts = self._end(len(users), began)
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
        self._compared = self._comparisons()
        return time()

    def _end(self, visits: int, began: float) -> Counts:
        self._quiet()
        calls = [Call(**each) for each in self._stack.detour("DELETE", "/_counter")]
        records = self.records()
        compared = [Call("rekognition", "CompareFaces", "")] * (self._comparisons() - self._compared)
        owners = {each.access_key: each.function for each in records if each.kind == "start"}
        logs, metrics = self._log_bytes(began)
        found = by_function(calls, owners)
        if compared:
            found.setdefault(COMPARED_BY, []).extend(compared)
        return Counts(
            visits=visits,
            calls=found,
            records=[each for each in records if each.at >= began],
            logs=logs,
            metrics=metrics,
        )

    def _comparisons(self) -> int:
        """Faces that were compared so far."""
        return int(self._stack.providers("GET")["counters"].get("rekognition.compare", 0))

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
