"""Whatever of money is due, from the queue: orders, refunds, subscriptions and debts go on."""

import json
import os
from typing import Any

from veil.bootstrap.charger import ChargerBootstrap
from veil.observability import flush_metrics
from veil.settings.payments import ChargerSettings

bootstrap = ChargerBootstrap(ChargerSettings.load(os.environ))


def handler(event: dict[str, Any], _context: Any) -> None:
    """One message, which comes again if this raises. One that is late or comes twice finds another date in the table,
    and does nothing.
    """
    try:
        for record in event["Records"]:
            bootstrap.go_on(json.loads(record["body"]))
    finally:
        flush_metrics()
