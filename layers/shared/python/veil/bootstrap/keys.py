"""Wires the keys function."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from veil.adapters.aws.client import region
from veil.adapters.aws.cloudfront import CloudFrontKeys, SecretPrivateKey
from veil.settings.keys import KeysSettings
from veil.use_cases.delivery_keys import DeliveryKeys


class KeysBootstrap:
    def __init__(self, settings: KeysSettings) -> None:
        self._settings = settings

    @cached_property
    def delivery_keys(self) -> DeliveryKeys:
        from veil.adapters.delivery_keys import new_pair  # noqa: PLC0415

        private = SecretPrivateKey(self._settings.delivery_key_secret)
        return DeliveryKeys(CloudFrontKeys(f"veil-{self._settings.stage}-{region()}"), private, new_pair)

    def respond(self, event: Mapping[str, Any], physical_id: str, failure: str | None) -> None:
        from veil.adapters.aws.custom_resource import respond  # noqa: PLC0415

        respond(event, physical_id, failure=failure)
