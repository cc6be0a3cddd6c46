"""What a stage costs a month even when nobody uses it: counted from its template, its log and its idle sweeps."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from proofs.cost.bill import GB, SWEEPER, Pricing
from proofs.cost.counts import Counts
from proofs.cost.memory import Work

MINUTES = 30.4 * 24 * 60  # of a month: the sweeper's runs
# Lambda reads a queue that is empty with five long polls of 20 s at once:
# docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html, read on 2026-11-23.
POLLERS, POLL_SECONDS = 5, 20
UNCOUNTED_ALARM_METRICS = 8  # of infra.alarms' four alarms over two metrics each, which the local cloud lacks


class Charge(NamedTuple):
    what: str
    amount: float
    usd: float


def standing(
    template: Mapping[str, Any], metrics: set[str], idle: Counts, work: Work, pricing: Pricing
) -> list[Charge]:
    """The charges of one stage and month; ``metrics``: those that were published; ``work``: the sweeper's."""
    kinds = [each["Type"] for each in template["Resources"].values()]
    alarmed = kinds.count("AWS::CloudWatch::Alarm") + UNCOUNTED_ALARM_METRICS
    polls = kinds.count("AWS::Lambda::EventSourceMapping") * POLLERS * MINUTES * 60 / POLL_SECONDS
    named = {
        "secrets": (kinds.count("AWS::SecretsManager::Secret"), "secret"),
        "keys of KMS": (kinds.count("AWS::KMS::Key"), "kms_key"),
        "metrics that alarms watch": (alarmed, "alarm"),
        "custom metrics": (len(metrics), "metric"),
        "dashboards": (kinds.count("AWS::CloudWatch::Dashboard"), "dashboard"),
        "polls of the empty queues": (polls, "sqs_request"),
    }
    charges = [Charge(what, amount, amount * pricing.sheet.usd(price)) for what, (amount, price) in named.items()]
    return charges + list(_sweeps(idle, work, pricing))


def _sweeps(idle: Counts, work: Work, pricing: Pricing) -> Iterator[Charge]:
    """The sweeper, every minute with nothing to do."""
    runs = len(idle.invocations(SWEEPER))
    calls, logged = idle.calls.get(SWEEPER, []), idle.logs[SWEEPER]
    usd, memory_mb = pricing.sheet.usd, pricing.memory_mb[SWEEPER]
    each = {
        "sweeps: requests and schedule": usd("lambda_request") + usd("schedule"),
        "sweeps: GB-seconds": work.gb_seconds(memory_mb) * usd("lambda_gb_second"),
        "sweeps: read units": sum(call.read_units for call in calls) / runs * usd("dynamodb_read"),
        "sweeps: log": logged.bytes / runs / GB * (usd("logs_ingested") + usd("logs_stored")),
    }
    yield from (Charge(what, MINUTES, MINUTES * price) for what, price in each.items())
