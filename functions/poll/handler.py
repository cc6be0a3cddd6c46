"""An attempt whose provider calls nobody back, from the queue: what has become of it?"""

import json
import os
from typing import Any

from veil.bootstrap.poll import PollBootstrap
from veil.observability import flush_metrics
from veil.settings import PollSettings

bootstrap = PollBootstrap(PollSettings.load(os.environ))


def handler(event: dict[str, Any], _context: Any) -> None:
    """One message, which comes again if this raises. One that is late or comes twice finds the image settled or at
    another attempt, and does nothing.
    """
    try:
        for record in event["Records"]:
            bootstrap.look(json.loads(record["body"]))
    finally:
        flush_metrics()
