"""Wires the webhook function."""

from functools import cached_property

from veil.bootstrap.images import SettleBootstrap
from veil.domain.image_models import REPLICATE
from veil.settings import WebhookSettings
from veil.use_cases.receive_webhook import ReceiveWebhook


class WebhookBootstrap(SettleBootstrap[WebhookSettings]):
    @cached_property
    def receive(self) -> ReceiveWebhook:
        from veil.adapters.providers.replicate import ReplicateCallbacks  # noqa: PLC0415

        return ReceiveWebhook(
            callbacks={REPLICATE: ReplicateCallbacks(self.secret(self.settings.webhook_signing_secret))},
            tokens=self.tokens,
            generations=self.generations,
            settle=self.settle,
            telemetry=self.telemetry,
        )
