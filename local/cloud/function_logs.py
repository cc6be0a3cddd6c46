"""What the functions log: shown as it comes, and saved when the local AWS stops, which forgets it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from threading import Event
from time import time
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.cloud.running import RunningCloud
from local.processes import LocalError

QUICK = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})
POLL_SECONDS = 0.5
SHOWN_SECONDS = 600  # how far back `follow` begins
LATE_MILLISECONDS = 2000  # an event may appear behind one that is newer
FRAME = ("START RequestId: ", "END RequestId: ")  # Lambda's lines around an invocation; its report says as much
HIDDEN = ("timestamp", "service", "stage", "location", "_aws")  # of a line: what is the same on all of them, or nearly


def save_function_logs(running: RunningCloud, folder: Path) -> None:
    """Write ``folder/<function>.log``, each event on its line, oldest first; up to where the AWS does not answer."""
    folder.mkdir(parents=True, exist_ok=True)
    client = running.client("logs", config=QUICK)
    with suppress(ClientError, BotoCoreError):
        for name, function in running.functions.items():
            with (folder / f"{name}.log").open("w") as file:
                file.writelines(f"{event['message'].rstrip()}\n" for event in _events(client, function, 0))


def follow(running: RunningCloud, function: str | None, say: Callable[[str], None]) -> None:
    """Say each line that ``function`` logs, as it comes, until an exception ends it; of all functions unless named.

    Raises `LocalError` when there is no such function, and when the local AWS no longer answers.
    """
    client = running.client("logs", config=QUICK)
    tails = [_Tail(client, name, running.function(name)) for name in ([function] if function else running.functions)]
    width = 0 if function else max(map(len, running.functions)) + 2
    pause = Event()
    while True:
        try:
            for at, name, text in sorted((line for tail in tails for line in tail.new()), key=itemgetter(0)):
                say(f"{name if width else '':<{width}}{readable(at, text)}")
        except (ClientError, BotoCoreError) as error:
            raise LocalError(f"the local cloud has stopped: {error}") from None
        pause.wait(POLL_SECONDS)


def readable(at: int, line: str) -> str:
    """One line of a log, written at ``at`` (epoch milliseconds), for a person: time, level, message, the rest."""
    clock = datetime.fromtimestamp(at / 1000, UTC).astimezone().strftime("%H:%M:%S")
    if line.startswith("REPORT "):
        return f"{clock}  {line.split(chr(9))[1]}"
    try:
        members = json.loads(line)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        return f"{clock}  {line}"
    level = "METRICS" if "_aws" in members else members.pop("level", "")
    message, exception = members.pop("message", ""), members.pop("exception", None)
    rest = " ".join(f"{name}={value}" for name, value in members.items() if name not in HIDDEN)
    first = "  ".join(part for part in (clock, f"{level:<7}", str(message), rest) if part)
    return "\n".join([first, *(f"    {each}" for each in str(exception or "").splitlines())])


class _Tail:
    """One function's events, each once."""

    def __init__(self, client: Any, name: str, function: str) -> None:
        self._client, self._name, self._function = client, name, function
        self._since = round((time() - SHOWN_SECONDS) * 1000)
        self._shown: Counter[tuple[int, str, str]] = Counter()

    def new(self) -> list[tuple[int, str, str]]:
        """Time in milliseconds, function and line of the events that came since the last call."""
        found: Counter[tuple[int, str, str]] = Counter()
        lines = []
        for event in _events(self._client, self._function, self._since):
            key = event["timestamp"], event["logStreamName"], event["message"]
            found[key] += 1
            if found[key] > self._shown[key] and not event["message"].startswith(FRAME):
                lines.append((event["timestamp"], self._name, event["message"].rstrip()))
        self._shown = found
        self._since = max([self._since, *(at - LATE_MILLISECONDS for at, _, _ in found)])
        return lines


def _events(client: Any, function: str, since: int) -> Iterable[dict[str, Any]]:
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}", startTime=since)
    return (event for page in pages for event in page["events"])
