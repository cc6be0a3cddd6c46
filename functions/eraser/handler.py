"""Whoever has left, from the queue: what is left of them goes."""

import os
from typing import Any

from veil.bootstrap.eraser import EraserBootstrap
from veil.observability import each_message
from veil.settings.eraser import EraserSettings

bootstrap = EraserBootstrap(EraserSettings.load(os.environ))


def handler(event: dict[str, Any], _context: Any) -> None:
    """A message that is late or comes twice finds another date in the table, and does nothing."""
    each_message(event, bootstrap.go_on)
