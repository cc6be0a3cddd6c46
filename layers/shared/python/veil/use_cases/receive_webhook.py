"""Replicate calls back: who called is known by the signature, which image is meant by the token."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from veil.domain.errors import TokenNotFound
from veil.domain.ports import AttemptRef, Generations, Telemetry, WebhookTokens
from veil.domain.predictions import Prediction
from veil.use_cases.settle import Settle, Settlement


@dataclass(frozen=True)
class ReceiveWebhook:
    """``read`` verifies the signature over the raw body and parses it; it raises `InvalidSignature`."""

    read: Callable[[Mapping[str, str], bytes], Prediction]
    tokens: WebhookTokens
    generations: Generations
    settle: Settle
    telemetry: Telemetry

    def __call__(self, token: str, headers: Mapping[str, str], body: bytes) -> Settlement:
        """Raises `InvalidSignature`, `TokenNotFound`, and `OutputUnavailable` when it must be sent again."""
        prediction = self.read(headers, body)
        ref = self.tokens.unseal(token)
        generation = self.generations.get(ref.user, ref.generation_id)
        if generation is None or generation.deleting:
            return self._done(Settlement.ALREADY_SETTLED, ref, prediction)
        if ref.index >= len(generation.images):
            raise TokenNotFound
        known = generation.images[ref.index].predictions.get(ref.attempt)
        if known is not None and known != prediction.id:  # a message about another prediction, sent to this token
            raise TokenNotFound
        settlement, _ = self.settle(generation, ref.index, ref.attempt, prediction)
        return self._done(settlement, ref, prediction)

    def _done(self, settlement: Settlement, ref: AttemptRef, prediction: Prediction) -> Settlement:
        self.telemetry.log(
            "webhook",
            user=ref.user,
            generation_id=ref.generation_id,
            image=ref.index,
            prediction_id=prediction.id,
            outcome=settlement,
        )
        return settlement
