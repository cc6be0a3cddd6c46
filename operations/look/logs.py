"""What the functions logged of one generation."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from operations.audit.finding import utc
from operations.stage import Stage
from veil.domain.ids import is_id
from veil.domain.ports import Clock

DAY = 24 * 3600
# Of a line: what is the same on all of them, or stands elsewhere in ours.
HIDDEN = frozenset(
    {"level", "location", "message", "timestamp", "service", "stage", "generation_id", "exception", "_aws"}
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """``at`` is epoch seconds; ``more`` has the line's other members. No line holds a photo, a URL or a token."""

    at: float
    function: str
    level: str
    message: str
    more: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        line = {"function": self.function, "level": self.level, "message": self.message}
        return {"at": utc(self.at), **line, "more": dict(self.more)}

    def __str__(self) -> str:
        rest = " ".join(f"{name}={value}" for name, value in self.more.items())
        return f"{utc(self.at)} {self.function:<12} {self.level:<7} {self.message} {rest}".rstrip()


def lines_of(stage: Stage, generation_id: str, days: float, clock: Clock) -> list[LogLine]:
    """The lines of the last ``days`` with this generation's id, of all functions, oldest first.

    CloudWatch reads all that was logged since then, and takes its time. What AWS refuses is raised as botocore does.
    """
    if not is_id(generation_id):
        raise ValueError(generation_id)  # it stands in a pattern
    since = clock() - days * DAY
    found = (line for name in stage.functions for line in _of_function(stage, name, generation_id, since))
    return sorted(found, key=lambda line: line.at)


def _of_function(stage: Stage, function: str, generation_id: str, since: float) -> Iterator[LogLine]:
    logs = stage.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{stage.functions[function]}",
        startTime=round(since * 1000),
        filterPattern=f'{{ $.generation_id = "{generation_id}" }}',
    )
    for page in pages:
        for event in page["events"]:
            line = _members(event["message"])
            if line.get("generation_id") == generation_id:  # emulators do not know such a pattern
                more = {name: value for name, value in line.items() if name not in HIDDEN}
                level, message = str(line.get("level", "")), str(line.get("message", ""))
                yield LogLine(event["timestamp"] / 1000, function, level, message, more)


def _members(line: str) -> Mapping[str, Any]:
    """Those of a line of ours; Lambda's own lines are no JSON."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
