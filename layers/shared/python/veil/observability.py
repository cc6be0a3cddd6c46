"""Logs and metrics, by Powertools: JSON lines with ids, and never a token, a signed URL or a photo."""

import json
from collections.abc import Callable, Mapping
from logging import Filter, LogRecord
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit


class Users(Filter):
    """Names users in the log: by a hash of their id, and not at all where ``hash_of`` has none.

    A request's user is hashed only once there is a line to write: the first hash of a process has to read the key.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hash_of: Callable[[str], str | None] = lambda _: None
        self.of_request: str | None = None

    def key(self, user: str | None) -> dict[str, str]:
        """What a line says of its user."""
        hashed = self.hash_of(user) if user else None
        return {"user": hashed} if hashed else {}

    def filter(self, record: LogRecord) -> bool:
        if not hasattr(record, "user"):
            vars(record).update(self.key(self.of_request))
        return True


logger = Logger()
users = Users()
logger.addFilter(users)
metrics = Metrics(service="")  # no such dimension: each metric is paid for by its name and dimensions


def count_failure() -> None:
    """Count an answer that says that we failed: Lambda sees nothing wrong in it."""
    metrics.add_metric("RequestsFailed", MetricUnit.Count, 1)


def flush_metrics() -> None:
    """Write out what was counted in this invocation, if anything was."""
    if metrics.provider.metric_set:
        metrics.flush_metrics()


def each_message(event: Mapping[str, Any], go_on: Callable[[Mapping[str, Any]], None]) -> None:
    """Go on with what a queue's message stands for, and write out what was counted. It comes again if this raises; a
    batch is one message, so that no other comes again with it.
    """
    try:
        for record in event["Records"]:
            go_on(json.loads(record["body"]))
    finally:
        flush_metrics()
