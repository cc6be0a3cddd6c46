"""Logs and metrics, by Powertools: JSON lines with ids, and never a token, a signed URL or a photo."""

from hashlib import sha256
from threading import Lock
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

logger = Logger()
metrics = Metrics(service="")  # no such dimension: each metric is paid for by its name and dimensions


def user_hash(user: str) -> str:
    """How a user appears in logs: enough to follow one, and no name (unless it can be guessed: it has no salt)."""
    return sha256(user.encode()).hexdigest()[:16]


class PowertoolsMeter:
    """`veil.domain.ports.Meter`."""

    def __init__(self, stage: str) -> None:
        self._lock = Lock()  # the sweep measures from several threads
        metrics.set_default_dimensions(stage=stage)

    def count(self, name: str, value: float = 1) -> None:
        self._add(name, MetricUnit.Count, value)

    def seconds(self, name: str, value: float) -> None:
        self._add(name, MetricUnit.Seconds, value)

    def _add(self, name: str, unit: MetricUnit, value: float) -> None:
        with self._lock:
            metrics.add_metric(name, unit, value)

    def note(self, message: str, *, user: str | None = None, **ids: Any) -> None:
        whose = {"user": user_hash(user)} if user else {}
        logger.info(message, extra={**whose, **ids}, stacklevel=3)  # the place that had something to say


def flush_metrics() -> None:
    """Write out what was counted in this invocation, if anything was."""
    if metrics.provider.metric_set:
        metrics.flush_metrics()
