"""The `generations` function."""

from decimal import Decimal
from functools import cached_property
from time import time

from veil.bootstrap.limits import rate_limiter
from veil.bootstrap.predicting import PredictingBootstrap
from veil.domain.ids import new_id
from veil.domain.image_models import CATALOGUE
from veil.settings import GenerationsSettings
from veil.use_cases.generate import Generate, Offer


class GenerationsBootstrap(PredictingBootstrap[GenerationsSettings]):
    @property
    def _price(self) -> Decimal:
        chosen = "replicate_cost_per_image" in self.settings.model_fields_set
        return self.settings.replicate_cost_per_image if chosen else CATALOGUE[self.settings.model].price

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
                model=settings.model,
                images=settings.images_per_generation,
                credits_per_image=settings.credits_per_image,
                price=self._price,
                welcome_credits=settings.welcome_credits,
            ),
            clock=time,
            new_id=new_id,
            telemetry=self.telemetry,
        )
