"""Wires the notify function: what posts events is imported when the first is posted."""

from collections.abc import Callable, Mapping
from functools import cached_property
from time import time
from typing import TYPE_CHECKING, Any

from veil.adapters.aws.event_bus import EventBridgeBus
from veil.adapters.aws.sqs import DELIVERY, SqsDeliveries, work_item
from veil.bootstrap import Bootstrap
from veil.settings.notify import NotifySettings

if TYPE_CHECKING:
    from veil.use_cases.announce import Announce
    from veil.use_cases.deliver import Deliver


class NotifyBootstrap(Bootstrap[NotifySettings]):
    def go_on(self, message: Mapping[str, Any], receipt_handle: str, receives: int) -> bool:
        """Tell what a message stands for, or post the event that it holds; False where it has to come again."""
        if message["kind"] == DELIVERY:
            return self._delivered(message, receipt_handle, receives)
        self.announce(work_item(message))
        return True

    def _delivered(self, message: Mapping[str, Any], receipt_handle: str, receives: int) -> bool:
        from veil.domain.events import Event  # noqa: PLC0415

        if self.deliver is None or self.deliver(Event.from_detail(message["event"])):
            return True  # without a server, what waited for it is let go
        self.postpone(receipt_handle, receives)
        return False

    @cached_property
    def announce(self) -> "Announce":
        from veil.adapters.dynamodb.generations import DynamoGenerations  # noqa: PLC0415
        from veil.adapters.dynamodb.outbox import DynamoOutbox  # noqa: PLC0415
        from veil.use_cases.announce import Announce  # noqa: PLC0415

        settings = self.settings
        return Announce(
            generations=DynamoGenerations(self.table),
            outbox=DynamoOutbox(self.table),
            bus=EventBridgeBus(settings.event_bus_name),
            deliveries=SqsDeliveries(settings.delivery_queue_url) if settings.events_url else None,
            has_left=self.erased,
            clock=time,
            telemetry=self.telemetry,
        )

    @cached_property
    def deliver(self) -> "Deliver | None":
        from veil.adapters.providers.receiver import HttpReceiver  # noqa: PLC0415
        from veil.use_cases.deliver import Deliver  # noqa: PLC0415

        url = self.settings.events_url
        if url is None:
            return None
        secret = self.secret(self.settings.events_signing_key_secret)
        return Deliver(HttpReceiver(url, secret, time), self.telemetry)

    @cached_property
    def postpone(self) -> Callable[[str, int], None]:
        from veil.adapters.aws.sqs import LONGEST_DELIVERY_SECONDS, postpone_in  # noqa: PLC0415 - few posts fail

        return postpone_in(self.settings.delivery_queue_url, longest=LONGEST_DELIVERY_SECONDS)
