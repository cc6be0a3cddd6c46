"""Whatever is to be told, from two queues: what has ended is told to the bus, and events are posted to the team's
server. A post that fails is no error of ours: its message comes again, later each time.
"""

import json
import os
from typing import Any

from veil.bootstrap.notify import NotifyBootstrap
from veil.observability import flush_metrics
from veil.settings.notify import NotifySettings

bootstrap = NotifyBootstrap(NotifySettings.load(os.environ))


def handler(event: dict[str, Any], _context: Any) -> dict[str, list[dict[str, str]]]:
    """One message, which comes again if this raises or answers that it failed."""
    failed = []
    try:
        for record in event["Records"]:
            receives = int(record["attributes"]["ApproximateReceiveCount"])
            if not bootstrap.go_on(json.loads(record["body"]), record["receiptHandle"], receives):
                failed.append({"itemIdentifier": record["messageId"]})
    finally:
        flush_metrics()
    return {"batchItemFailures": failed}
