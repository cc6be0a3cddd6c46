"""The `webhook` function."""

from functools import cached_property

from veil.bootstrap.settling import SettlingBootstrap
from veil.settings import WebhookSettings
from veil.use_cases.receive_webhook import ReceiveWebhook


class WebhookBootstrap(SettlingBootstrap[WebhookSettings]):
    @cached_property
    def receive(self) -> ReceiveWebhook:
        from veil.adapters.providers.replicate import webhook_reader  # noqa: PLC0415

        return ReceiveWebhook(
            read=webhook_reader(self.secret(self.settings.webhook_signing_secret)),
            tokens=self.tokens,
            generations=self.generations,
            settle=self.settle,
            telemetry=self.telemetry,
        )
