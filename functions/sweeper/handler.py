"""Every minute: whatever is due on the work list goes on."""

from veil.cold_start import started

# isort: split
import os
from typing import Any

from veil.bootstrap.sweeper import SweeperBootstrap
from veil.observability import flush_metrics
from veil.settings import SweeperSettings

bootstrap = SweeperBootstrap(SweeperSettings.load(os.environ))

RESERVE_MILLISECONDS = 100_000  # eight more are started only while there is time for four images that all hang


def handler(_event: dict[str, Any], context: Any) -> dict[str, int]:
    try:
        report = bootstrap.sweep(lambda: context.get_remaining_time_in_millis() > RESERVE_MILLISECONDS)
    finally:
        flush_metrics()
    if report.errors:
        raise ExceptionGroup("some work could not go on; it is due again later", report.errors)
    return {"swept": len(report.swept)}


started()
