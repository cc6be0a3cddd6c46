"""Start the queued images of a generation: claim them, call their providers in parallel, record the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from veil.domain.generation import Attempt, Generation, Image, ImageStatus
from veil.domain.image_models import ImageModelSpec, attempt_key, seed_for
from veil.domain.outcomes import REFUSED
from veil.domain.ports import (
    AttemptRef,
    Clock,
    ImageProvider,
    InParallel,
    Ledger,
    PhotoStore,
    StorageUnavailable,
    Telemetry,
    WebhookTokens,
)
from veil.domain.predictions import OutcomeUnknown, PredictionRequest, Refused, Throttled
from veil.domain.styles import STYLES, edit_prompt, scene_prompt
from veil.use_cases.refund import Refund

THROTTLED_SECONDS = 30  # how soon a throttled start is tried again when the provider gives no hint


@dataclass(slots=True)
class _Answers:
    """The providers' answers by image: prediction id, seconds to wait, status; ``unknown`` are those that were lost."""

    accepted: dict[int, str] = field(default_factory=dict)
    throttled: dict[int, float] = field(default_factory=dict)
    refused: dict[int, int] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class StartQueued:
    """A crash after the claim leaves images running without a prediction id: the webhook's token still finds them, and
    without a webhook they become overdue. No start is ever repeated: it is not idempotent.

    ``models`` is the chain: an image whose attempts failed n times is started with the n-th model, counted from 0, or
    the last one.
    """

    ledger: Ledger
    photos: PhotoStore
    providers: Mapping[str, ImageProvider]
    models: Sequence[ImageModelSpec]
    tokens: WebhookTokens
    refund: Refund
    in_parallel: InParallel
    clock: Clock
    telemetry: Telemetry
    webhook_url: str
    photo_url_seconds: int

    def __call__(self, generation: Generation) -> Generation:
        """The generation as it stands afterwards; what the provider refused for good is refunded.

        All that may fail on our side is done before the claim: from there on, an attempt counts.
        """
        queued = [image for image in generation.images if image.status is ImageStatus.QUEUED]
        if not queued:
            return generation
        photo_url, _ = self.photos.presign_get(generation.input_key, self.photo_url_seconds)
        requests = {image.index: self._request(generation, image, photo_url) for image in queued}
        generation, claimed = self._claim(generation, queued)
        if not claimed:  # another process has just started them
            return generation
        answers = _Answers()
        try:
            self._call(generation, {index: requests[index] for index in claimed}, answers)
        finally:  # a defect in one call must not lose the ids of the others
            generation = self._record(generation, answers)
        return generation

    def _model(self, image: Image) -> ImageModelSpec:
        return self.models[min(image.failures, len(self.models) - 1)]

    def _attempt(self, generation: Generation, image: Image) -> Attempt:
        model = self._model(image)
        seed = seed_for(generation.id, image.index, image.attempt) if model.takes_seed else None
        return Attempt(model.provider, model.name, model.price, seed=seed)

    def _claim(self, generation: Generation, queued: Sequence[Image]) -> tuple[Generation, Sequence[int]]:
        """All of them in one write; where another starter was first with some, the others one by one."""
        now = self.clock()
        attempts = {image.index: self._attempt(generation, image) for image in queued}
        together = self.ledger.claim(generation, attempts, now)
        if together or len(attempts) == 1:
            return together or generation, list(attempts) if together else []
        claimed = []
        for index, attempt in attempts.items():
            if alone := self.ledger.claim(generation, {index: attempt}, now):
                generation = alone
                claimed.append(index)
        return generation, claimed

    def _call(self, generation: Generation, requests: Mapping[int, PredictionRequest], answers: _Answers) -> None:
        def start(index: int) -> None:
            try:
                provider = self.providers[self._model(generation.images[index]).provider]
                answers.accepted[index] = provider.start(requests[index])
            except Throttled as error:
                answers.throttled[index] = error.retry_after or THROTTLED_SECONDS
            except StorageUnavailable:  # the provider's credential could not be read: nothing was sent
                answers.throttled[index] = THROTTLED_SECONDS
            except Refused as error:
                answers.refused[index] = error.status
            except OutcomeUnknown:
                answers.unknown.append(index)
                self.telemetry.log("prediction's answer lost", **generation.log_ids, image=index)

        self.in_parallel([partial(start, index) for index in requests])

    def _request(self, generation: Generation, image: Image, photo_url: str) -> PredictionRequest:
        model = self._model(image)
        write = edit_prompt if model.keeps_person else scene_prompt
        prompt = write(STYLES[generation.style], generation.role, image.index)
        seed = self._attempt(generation, image).seed
        token = self.tokens.seal(AttemptRef(generation.user, generation.id, image.index, image.attempt))
        webhook = f"{self.webhook_url.rstrip('/')}/webhooks/{model.provider}/{token}"
        key = attempt_key(generation.id, image.index, image.attempt)
        return PredictionRequest(model.name, model.input(prompt, photo_url, seed), webhook, key, generation.input_key)

    def _record(self, generation: Generation, answers: _Answers) -> Generation:
        if billed := [*answers.accepted, *answers.unknown]:
            prices = [self._model(generation.images[index]).price for index in billed]
            self.telemetry.count("ProviderCost", float(sum(prices)))
        generation = self._record_starts(generation, answers)
        for index, status in answers.refused.items():
            self.telemetry.count("ProviderRefused")
            self.telemetry.log("prediction refused", **generation.log_ids, image=index, status=status)
            generation = self.refund(generation, generation.images[index], REFUSED) or generation
        if answers.accepted:
            self.telemetry.log(
                "predictions started", **generation.log_ids, predictions=dict(sorted(answers.accepted.items()))
            )
        return generation

    def _record_starts(self, generation: Generation, answers: _Answers) -> Generation:
        """One write; if a throttled image was settled meanwhile, write the others separately."""
        accepted = answers.accepted
        throttled = [generation.images[index] for index in answers.throttled]
        if not (accepted or throttled):
            return generation
        due_at = self.clock() + max(answers.throttled.values()) if throttled else None
        recorded = self.ledger.record_starts(generation, accepted, throttled, due_at)
        if recorded:
            return recorded
        generation = (accepted and self.ledger.record_starts(generation, accepted, [], None)) or generation
        for image in throttled:
            generation = self.ledger.record_starts(generation, {}, [image], due_at) or generation
        return generation
