"""What goes wrong, and how often: microburst's rules for AWS, and the stand-ins' faults in their turn."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from random import Random
from typing import Any, NamedTuple

from local.cloud.detour import LOST

type Json = dict[str, Any]
type Turns = Mapping[str, tuple[float, Any]]  # share and fault, by a name for it; what is left behaves

SERVICES = ("dynamodb", "s3")
HANG_MS = 6000  # past the 5 s that a function waits for an answer: what it asked for is done when it has given up
CONFLICT = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}


class AwsFault(NamedTuple):
    """One rule of microburst: ``share`` of the service's calls (or of one operation's) meet this effect."""

    name: str
    service: str
    share: float
    effect: Json
    operation: str | None = None


def aws_faults(share: float) -> list[AwsFault]:
    """``share`` of the calls to each service go wrong: half of them before anything was done, half after it was.

    Conflicts of transactions come on top: they are no trouble of AWS's, but what four webhooks at once are.
    """
    throttle, reset, lost, hang = (share * part for part in (0.25, 0.25, 0.47, 0.03))
    return [
        AwsFault("transaction conflict", "dynamodb", 0.1, _conflict(), "TransactWriteItems"),
        AwsFault("throughput exceeded", "dynamodb", throttle / 2, _error("ProvisionedThroughputExceededException")),
        AwsFault("throttled", "dynamodb", throttle / 2, _error("ThrottlingException")),
        AwsFault("reset before", "dynamodb", reset, {"reset": True}),
        AwsFault("answer lost", "dynamodb", lost, _lost()),
        AwsFault("done late", "dynamodb", hang, {"latency": HANG_MS}),
        AwsFault("slow down", "s3", throttle, _error("SlowDown", 503)),
        AwsFault("reset before", "s3", reset, {"reset": True}),
        AwsFault("cut in the middle", "s3", lost / 2, {"response": {"abort_frac": 0.5}}, "GetObject"),
        AwsFault("answer lost", "s3", lost, _lost()),
        AwsFault("done late", "s3", hang, {"latency": HANG_MS}),
    ]


def rules(faults: Sequence[AwsFault]) -> list[Json]:
    """microburst's rules. It asks them in order, so each one's probability is among what those before it let pass."""
    made: list[Json] = []
    for _, group in groupby(faults, lambda fault: fault.service):
        left = 1.0
        for fault in group:
            operation = {"operation": fault.operation} if fault.operation else {}
            made.append({"service": fault.service, **operation, "probability": fault.share / left, **fault.effect})
            left -= 0 if fault.operation else fault.share
    return made


CREATES: Turns = {
    "throttled": (0.1, {"status": 429, "retry_after": 2}),
    "down": (0.05, 503),
    "answer lost": (0.08, "lost"),
}
GETS: Turns = {"down": (0.1, 500), "throttled": (0.05, {"status": 429, "retry_after": 2})}
OUTCOMES: Turns = {
    "failed": (0.08, "failed"),
    "flagged": (0.04, "flagged"),
    "aborted": (0.04, "aborted"),
    "never": (0.04, "never"),
    "missing output": (0.02, "missing_output"),
    "truncated output": (0.03, "truncated_output"),
    "not an image": (0.02, "not_an_image"),
}
WEBHOOKS: Turns = {
    "dropped": (0.5, "drop"),
    "repeated": (0.25, {"mode": "repeat", "times": 2}),
    "reordered": (0.15, {"mode": "reorder", "times": 4, "seconds": 3}),
    "delayed": (0.1, {"mode": "delay", "seconds": 4}),
}
AZURE: Turns = {"throttled": (0.1, {"status": 429, "retry_after": 1}), "down": (0.05, 503)}
UPSTASH: Turns = {"down": (0.05, {"status": 500}), "answer lost": (0.05, {"drop_after_apply": True})}

PLACES: dict[str, Turns] = {
    "replicate.create": CREATES,
    "replicate.get": GETS,
    "replicate.outcome": OUTCOMES,
    "replicate.webhooks": WEBHOOKS,
    "azure": AZURE,
    "upstash": UPSTASH,
}


class ProviderPlan:
    """The stand-ins' faults, drawn before the run: for each place, the name of each call's fault in turn."""

    def __init__(self, random: Random, calls: int) -> None:
        """``calls``: how many of each kind are planned for; whatever comes after them behaves."""
        self._planned = {place: _draw(random, turns, calls) for place, turns in PLACES.items()}

    def control(self) -> Json:
        """What `/_control` is told."""
        told: Json = {}
        for place, names in self._planned.items():
            turns = [PLACES[place][name][1] if name else None for name in names]
            service, _, field = place.partition(".")
            if field:
                told.setdefault(service, {})[field] = turns
            else:
                told[service] = turns
        return told

    def met(self, state: Json) -> Counter[str]:
        """How often each fault was met, by what `/_control` has left."""
        counted: Counter[str] = Counter()
        for place, names in self._planned.items():
            left: Any = state
            for part in place.split("."):
                left = left[part]
            counted.update(f"{place}: {name}" for name in names[: len(names) - len(left)] if name)
        return counted


def _draw(random: Random, turns: Turns, calls: int) -> list[str | None]:
    shares = [share for share, _ in turns.values()]
    names: Iterable[str | None] = [*turns, None]
    return random.choices(list(names), [*shares, max(0.0, 1 - sum(shares))], k=calls)


def _error(code: str, status: int = 400) -> Json:
    return {"error": {"code": code, "status": status}}


def _lost() -> Json:
    return {"response": {"set_headers": {LOST: "1"}}}


def _conflict() -> Json:
    code = "TransactionCanceledException"
    return {"error": {"code": code, "status": 400, "fields": {"CancellationReasons": [CONFLICT, {"Code": "None"}]}}}
