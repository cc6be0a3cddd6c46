"""Every minute: whatever is due on the work list goes on."""

import os
from typing import Any

from veil.bootstrap.sweeper import SweeperBootstrap
from veil.observability import flush_metrics
from veil.settings import SweeperSettings

bootstrap = SweeperBootstrap(SweeperSettings.load(os.environ))

# More are begun only while there is time for four images whose provider hangs at every call: each 3 × 8 s at Replicate,
# 2 × 8 and 14 s at a model of one's own, and there 8 s for the photo.
RESERVE_MILLISECONDS = 130_000


def handler(_event: dict[str, Any], context: Any) -> dict[str, int]:
    try:
        report = bootstrap.sweep(lambda: context.get_remaining_time_in_millis() > RESERVE_MILLISECONDS)
    finally:
        flush_metrics()
    if report.errors:
        raise ExceptionGroup("some work could not go on; it is due again later", report.errors)
    return {"swept": len(report.swept)}
