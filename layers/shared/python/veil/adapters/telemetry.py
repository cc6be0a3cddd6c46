"""Metrics and log lines, by Powertools."""

from threading import Lock
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from veil.domain.ports import Telemetry
from veil.observability import logger, metrics, users


class PowertoolsTelemetry(Telemetry):
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

    def log(self, message: str, *, user: str | None = None, **ids: Any) -> None:
        logger.info(message, extra={**users.key(user), **ids}, stacklevel=3)  # the line that called, not this one
