"""Whatever of money is due, from the queue: orders, refunds, subscriptions and debts go on."""

import os
from typing import Any

from veil.bootstrap.charger import ChargerBootstrap
from veil.observability import each_message
from veil.settings.payments import ChargerSettings

bootstrap = ChargerBootstrap(ChargerSettings.load(os.environ))


def handler(event: dict[str, Any], _context: Any) -> None:
    """A message that is late or comes twice finds another date in the table, and does nothing."""
    each_message(event, bootstrap.go_on)
