"""What was counted: the functions' invocations and log lines, and their calls to AWS, of one part of a run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from proofs.cost.calls import Call

LOG_EVENT_BYTES = 26  # that CloudWatch adds to each line (PutLogEvents, its API reference)
PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START")
SQS_REQUESTS = 3  # a message: S3 sends it, Lambda receives and deletes it


class Record(NamedTuple):
    """A start or an invocation, as the function's process told it."""

    function: str
    kind: str
    wall_ms: float
    cpu_ms: float
    peak_mb: float
    at: float
    number: int = 0
    route: str | None = None
    messages: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    access_key: str = ""


@dataclass
class LogBytes:
    """``ours``: what the functions write; ``platform``: Lambda's own lines about each invocation."""

    ours: int = 0
    platform: int = 0
    lines: int = 0

    def add(self, message: str) -> None:
        size = len(message.rstrip("\n").encode()) + LOG_EVENT_BYTES
        if message.startswith(PLATFORM):
            self.platform += size
        else:
            self.ours += size
            self.lines += 1


@dataclass
class Counts:
    """``calls`` by the function that made or signed each; ``portraits``: their sizes in bytes."""

    name: str
    visits: int
    calls: dict[str, list[Call]]
    records: list[Record]
    logs: dict[str, LogBytes]
    metrics: set[str] = field(default_factory=set)
    portraits: list[int] = field(default_factory=list)
    table_bytes: int = 0

    def invocations(self, function: str) -> list[Record]:
        return [each for each in self.records if each.function == function and each.kind == "invocation"]

    def starts(self, function: str) -> list[Record]:
        return [each for each in self.records if each.function == function and each.kind == "start"]

    def routes(self) -> Iterator[Record]:
        """The invocations that came through the API."""
        return (each for each in self.records if each.kind == "invocation" and each.route)


def by_function(calls: list[Call], functions: Mapping[str, str]) -> dict[str, list[Call]]:
    """Calls by function; ``functions``: each by its access key. Raises `KeyError` for a call that is nobody's."""
    sorted_out: dict[str, list[Call]] = {}
    for call in calls:
        sorted_out.setdefault(functions[call.access_key], []).append(call)
    return sorted_out
