"""A provider calls back: its signature says who calls, our token says which attempt is meant."""

from collections.abc import Mapping
from dataclasses import dataclass

from veil.domain.errors import InvalidSignature, TokenNotFound
from veil.domain.ports import AttemptRef, CallbackReader, Generations, Telemetry, WebhookTokens
from veil.domain.predictions import Prediction
from veil.use_cases.settle import Settle, Settlement


@dataclass(frozen=True)
class ReceiveWebhook:
    """``callbacks`` are the providers' readers, by the provider's name."""

    callbacks: Mapping[str, CallbackReader]
    tokens: WebhookTokens
    generations: Generations
    settle: Settle
    telemetry: Telemetry

    def __call__(self, provider: str, token: str, headers: Mapping[str, str], body: bytes) -> Settlement:
        """Raises `InvalidSignature`, `TokenNotFound`, and `OutputUnavailable` or `MatcherUnavailable` when it must
        be sent again.
        """
        if provider not in self.callbacks:
            raise TokenNotFound
        prediction = self._read(provider, headers, body)
        ref = self.tokens.unseal(token)
        generation = self.generations.get(ref.user, ref.generation_id)
        if generation is None:
            return self._done(Settlement.ALREADY_SETTLED, ref, prediction)
        if ref.index >= len(generation.images):
            raise TokenNotFound
        attempt = generation.images[ref.index].attempts.get(ref.attempt)
        if attempt is None:  # it was never started, so nobody was given this token
            return self._done(Settlement.STALE, ref, prediction)
        if attempt.provider != provider or attempt.prediction_id not in (None, prediction.id):
            raise TokenNotFound  # a callback about another prediction, sent to this token
        settlement, _ = self.settle(generation, ref.index, ref.attempt, prediction)
        return self._done(settlement, ref, prediction)

    def _read(self, provider: str, headers: Mapping[str, str], body: bytes) -> Prediction:
        """A signing secret that is wrong or was forgotten refuses every callback: images then wait for the sweep."""
        try:
            return self.callbacks[provider].read(headers, body)
        except InvalidSignature:
            self.telemetry.count("CallbacksRefused")
            names = {"provider": provider, "secret": self.callbacks[provider].secret_name}
            self.telemetry.log("callback refused: a stranger's, or our secret is wrong", **names)
            raise

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
