"""Wires the generations function."""

from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.bootstrap import image_urls, rate_limiter, welcoming_accounts
from veil.bootstrap.images import StartBootstrap
from veil.domain.ids import new_id
from veil.settings import GenerationsSettings
from veil.use_cases.generate import Generate, Offer

if TYPE_CHECKING:
    from veil.domain.delivery import ImageUrls


class GenerationsBootstrap(StartBootstrap[GenerationsSettings]):
    @cached_property
    def urls(self) -> "ImageUrls":
        return image_urls(self)

    @cached_property
    def accounts(self) -> DynamoAccounts:
        return welcoming_accounts(self)

    @cached_property
    def generate(self) -> Generate:
        settings = self.settings
        return Generate(
            ledger=self.ledger,
            accounts=self.accounts,
            generations=self.generations,
            limiter=rate_limiter(self, "generations", settings.rate_limit_max),
            start=self.start,
            policy=self.policy,
            offer=Offer(
                model=self.models[0].name,
                images=settings.images_per_generation,
                credits_per_image=settings.credits_per_image,
                welcome_credits=settings.welcome_credits,
            ),
            required=settings.required_consents,
            clock=time,
            new_id=new_id,
            telemetry=self.telemetry,
        )
