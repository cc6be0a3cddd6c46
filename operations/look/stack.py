"""What a stage's stack made, and how that does: its queues, its alarms, its functions, its metrics."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from operations.stage import Stage
from veil.domain.ports import Clock

SWEEPS_SECONDS = 1800  # how far back a sweep is looked for
MINUTE, HOUR = 60, 3600
SETTINGS_OF = "sweeper"  # any function knows its stage and the metrics' namespace


class Queue(NamedTuple):
    """``waiting`` and ``in_flight``: messages, about; ``redrive``: only what failed every try is in it."""

    name: str
    waiting: int
    in_flight: int
    redrive: bool


class Alarm(NamedTuple):
    """One that rings, and since when (epoch seconds)."""

    name: str
    since: float
    what: str


class Function(NamedTuple):
    """``code`` is the beginning of its code's SHA-256; two that differ were deployed from different sources."""

    name: str
    deployed_at: str
    code: str


@dataclass(frozen=True)
class DeployedStack:
    """What AWS refuses is raised as botocore does."""

    stage: Stage
    clock: Clock

    @cached_property
    def _settings(self) -> dict[str, str]:
        return self.stage.settings(SETTINGS_OF)

    @property
    def name(self) -> str:
        """The stage's."""
        return self._settings["STAGE"]

    def queues(self) -> Iterator[Queue]:
        """Those of the stack, whatever they are for; the names are the stack's own."""
        pages = self.stage.client("cloudformation").get_paginator("list_stack_resources")
        sqs = self.stage.client("sqs")
        asked = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        for page in pages.paginate(StackName=f"veil-{self.name}"):
            for made in page["StackResourceSummaries"]:
                if made["ResourceType"] == "AWS::SQS::Queue":
                    url = made["PhysicalResourceId"]
                    of = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"]
                    waiting, in_flight = (int(of[name]) for name in asked)
                    yield Queue(url.rpartition("/")[2], waiting, in_flight, "Redrive" in made["LogicalResourceId"])

    def ringing(self) -> Iterator[Alarm]:
        pages = self.stage.client("cloudwatch").get_paginator("describe_alarms")
        kinds = ["MetricAlarm", "CompositeAlarm"]
        for page in pages.paginate(AlarmNamePrefix=f"veil-{self.name}-", AlarmTypes=kinds, StateValue="ALARM"):
            for one in (*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])):
                if one["StateValue"] == "ALARM":  # emulators leave one of the two conditions out
                    since = one["StateUpdatedTimestamp"].timestamp()
                    yield Alarm(one["AlarmName"], since, one.get("AlarmDescription", ""))

    def functions(self) -> Iterator[Function]:
        client = self.stage.client("lambda")
        for name, deployed in self.stage.functions.items():
            found = client.get_function_configuration(FunctionName=deployed)
            yield Function(name, str(found["LastModified"])[:19], str(found["CodeSha256"])[:12])

    def last_sweep(self) -> float | None:
        """When the last one wrote into its log, in epoch seconds; None where it did not for half an hour.

        Lambda itself writes a line for each, also for one that finds nothing; its metric comes minutes late.
        """
        pages = self.stage.client("logs").get_paginator("filter_log_events")
        group = f"/aws/lambda/{self.stage.functions['sweeper']}"
        since = round((self.clock() - SWEEPS_SECONDS) * 1000)
        found = (
            event["timestamp"]
            for page in pages.paginate(logGroupName=group, startTime=since)
            for event in page["events"]
        )
        last = max(found, default=None)
        return None if last is None else last / 1000

    def sums(self, metrics: Sequence[str], since: float) -> Mapping[str, float | None]:
        """What functions told of each metric of ours since then; None where they told nothing."""
        namespace = self._settings["POWERTOOLS_METRICS_NAMESPACE"]
        dimensions = [{"Name": "stage", "Value": self.name}]
        of_metric = {name: {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions} for name in metrics}
        queries = [_query(f"m{number}", metric, MINUTE) for number, metric in enumerate(of_metric.values())]
        found = self._data(queries, self.clock() - since)
        values = [found[f"m{number}"]["Values"] for number in range(len(metrics))]
        return {name: sum(each) if each else None for name, each in zip(metrics, values, strict=True)}

    def _data(self, queries: Sequence[Mapping[str, Any]], seconds: float) -> dict[str, dict[str, Any]]:
        """Each query's timestamps and values, of so many seconds up to now."""
        now = self.clock()
        found: dict[str, dict[str, Any]] = {query["Id"]: {"Timestamps": [], "Values": []} for query in queries}
        pages = self.stage.client("cloudwatch").get_paginator("get_metric_data")
        start, end = (datetime.fromtimestamp(at, UTC) for at in (now - seconds, now + MINUTE))
        for page in pages.paginate(MetricDataQueries=queries, StartTime=start, EndTime=end):
            for result in page["MetricDataResults"]:
                for name, values in found[result["Id"]].items():
                    values.extend(result[name])
        return found


def _query(id_: str, metric: Mapping[str, Any], period: int) -> dict[str, Any]:
    return {"Id": id_, "MetricStat": {"Metric": metric, "Period": period, "Stat": "Sum"}}
