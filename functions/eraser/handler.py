"""Whoever has left, from the queue: what is left of them goes."""

import json
import os
from typing import Any

from veil.bootstrap.eraser import EraserBootstrap
from veil.observability import flush_metrics
from veil.settings.eraser import EraserSettings

bootstrap = EraserBootstrap(EraserSettings.load(os.environ))


def handler(event: dict[str, Any], _context: Any) -> None:
    """One message, which comes again if this raises. One that is late or comes twice finds another date in the table,
    and does nothing.
    """
    try:
        for record in event["Records"]:
            bootstrap.go_on(json.loads(record["body"]))
    finally:
        flush_metrics()
