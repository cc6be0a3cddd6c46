"""Every minute: whatever is due on the work list goes on."""

import os
from typing import Any

from veil.bootstrap.sweeper import SweeperBootstrap
from veil.observability import flush_metrics
from veil.settings import SweeperSettings

bootstrap = SweeperBootstrap(SweeperSettings.load(os.environ))

RESERVE_MILLISECONDS = 130_000  # more are begun only while there is time for four images that all hang: 4 × 4 × 8 s


def handler(_event: dict[str, Any], context: Any) -> dict[str, int]:
    try:
        report = bootstrap.sweep(lambda: context.get_remaining_time_in_millis() > RESERVE_MILLISECONDS)
    finally:
        flush_metrics()
    if report.errors:
        raise ExceptionGroup("some work could not go on; it is due again later", report.errors)
    return {"swept": len(report.swept)}
