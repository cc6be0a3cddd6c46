"""What goes wrong, and how often: microburst's rules for AWS, and a list of faults for the stand-ins' next calls."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from random import Random
from typing import Any, NamedTuple

from local.cloud.detour import LOST
from operations.visit import Json

type Faults = Mapping[str, tuple[float, Any]]  # share and fault, by a name for it; the other calls behave

SERVICES = ("dynamodb", "s3")
HANG_MS = 6000  # longer than the 5 s that a function waits for an answer: the call is done after it gave up
ANSWER_LOST = {"response": {"set_headers": {LOST: "1"}}}
CONFLICTS = [{"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}, {"Code": "None"}]


class AwsFault(NamedTuple):
    """One rule of microburst: ``share`` of the service's calls (or of one operation's) meet this effect."""

    name: str
    service: str
    share: float
    effect: Json
    operation: str | None = None


def aws_faults(share: float) -> list[AwsFault]:
    """``share`` of the calls to each service fail: half of them before anything was done, half after it was.

    Conflicts of transactions come on top: they are no fault of AWS's, but what four webhooks at once cause.
    """
    throttle, reset, lost, hang = (share * part for part in (0.25, 0.25, 0.47, 0.03))
    conflict = _error("TransactionCanceledException", fields={"CancellationReasons": CONFLICTS})
    return [
        AwsFault("transaction conflict", "dynamodb", 0.1, conflict, "TransactWriteItems"),
        AwsFault("throughput exceeded", "dynamodb", throttle / 2, _error("ProvisionedThroughputExceededException")),
        AwsFault("throttled", "dynamodb", throttle / 2, _error("ThrottlingException")),
        AwsFault("reset before", "dynamodb", reset, {"reset": True}),
        AwsFault("answer lost", "dynamodb", lost, ANSWER_LOST),
        AwsFault("done late", "dynamodb", hang, {"latency": HANG_MS}),
        AwsFault("slow down", "s3", throttle, _error("SlowDown", 503)),
        AwsFault("reset before", "s3", reset, {"reset": True}),
        AwsFault("cut in the middle", "s3", lost / 2, {"response": {"abort_frac": 0.5}}, "GetObject"),
        AwsFault("answer lost", "s3", lost, ANSWER_LOST),
        AwsFault("done late", "s3", hang, {"latency": HANG_MS}),
    ]


def _error(code: str, status: int = 400, **more: Any) -> Json:
    return {"error": {"code": code, "status": status, **more}}


def rules(faults: Sequence[AwsFault]) -> list[Json]:
    """microburst's rules. It tries them in order, so each one's probability is among what those before it let pass."""
    found: list[Json] = []
    for _, group in groupby(faults, lambda fault: fault.service):
        left = 1.0
        for fault in group:
            operation = {"operation": fault.operation} if fault.operation else {}
            found.append({"service": fault.service, **operation, "probability": fault.share / left, **fault.effect})
            left -= 0 if fault.operation else fault.share
    return found


PLACES: dict[str, Faults] = {
    "replicate.create": {
        "throttled": (0.1, {"status": 429, "retry_after": 2}),
        "down": (0.05, 503),
        "answer lost": (0.08, "lost"),
    },
    "replicate.get": {"down": (0.1, 500), "throttled": (0.05, {"status": 429, "retry_after": 2})},
    "replicate.outcome": {
        "failed": (0.08, "failed"),
        "flagged": (0.04, "flagged"),
        "aborted": (0.04, "aborted"),
        "never": (0.04, "never"),
        "missing output": (0.02, "missing_output"),
        "truncated output": (0.03, "truncated_output"),
        "not an image": (0.02, "not_an_image"),
    },
    "replicate.webhooks": {
        "dropped": (0.5, "drop"),
        "repeated": (0.25, {"mode": "repeat", "times": 2}),
        "reordered": (0.15, {"mode": "reorder", "times": 4, "seconds": 3}),
        "delayed": (0.1, {"mode": "delay", "seconds": 4}),
    },
    "azure": {"throttled": (0.1, {"status": 429, "retry_after": 1}), "down": (0.05, 503)},
    "upstash": {"down": (0.05, {"status": 500}), "answer lost": (0.05, {"drop_after_apply": True})},
}


class ProviderPlan:
    """The stand-ins' faults, drawn before the run: for each place, the name of each next call's fault."""

    def __init__(self, random: Random, calls: int) -> None:
        """``calls``: how many of each kind are planned for; whatever comes after them behaves."""
        self._planned = {place: _draw(random, faults, calls) for place, faults in PLACES.items()}

    def control(self) -> Json:
        """The rules for ``/_control``."""
        found: Json = {}
        for place, names in self._planned.items():
            *service, field = place.split(".")
            rule = found.setdefault(service[0], {}) if service else found
            rule[field] = [PLACES[place][name][1] if name else None for name in names]
        return found

    def met(self, state: Json) -> Counter[str]:
        """How often each fault was met, by what ``/_control`` has left."""
        counted: Counter[str] = Counter()
        for place, names in self._planned.items():
            *service, field = place.split(".")
            left = (state[service[0]] if service else state)[field]
            counted.update(f"{place}: {name}" for name in names[: len(names) - len(left)] if name)
        return counted


def _draw(random: Random, faults: Faults, calls: int) -> list[str | None]:
    shares = [share for share, _ in faults.values()]
    return random.choices([*faults, None], [*shares, max(0.0, 1 - sum(shares))], k=calls)
