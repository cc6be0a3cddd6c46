"""Start what is queued of a generation: claim, call the provider side by side, record what it said."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from veil.domain.generation import Generation, Image, ImageError, ImageStatus
from veil.domain.models import CATALOGUE, seed_for
from veil.domain.ports import Clock, ImageModel, ImageRef, Ledger, Meter, PhotoStore, SideBySide, WebhookTokens
from veil.domain.predictions import OutcomeUnknown, PredictionRequest, Refused, Throttled
from veil.domain.styles import STYLES, prompt_for
from veil.use_cases.refund import Refund

THROTTLED_SECONDS = 30  # how soon a throttled start is tried again when the provider gives no hint


@dataclass(slots=True)
class _Answers:
    """What the provider said, by image; one whose answer was lost is in none of them."""

    accepted: dict[int, str] = field(default_factory=dict)
    throttled: dict[int, float] = field(default_factory=dict)
    refused: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StartQueued:
    """A crash after the claim leaves images running without a prediction: the webhook's token finds them all
    the same, and without a webhook their time runs out. No start is ever repeated: it is not idempotent.
    """

    ledger: Ledger
    photos: PhotoStore
    model: ImageModel
    tokens: WebhookTokens
    refund: Refund
    side_by_side: SideBySide
    clock: Clock
    meter: Meter
    webhook_url: str
    photo_url_seconds: int

    def __call__(self, generation: Generation) -> Generation:
        """The generation as it stands afterwards; what the provider refused for good is refunded."""
        queued = [image for image in generation.images if image.status is ImageStatus.QUEUED]
        generation, claimed = self._claim(generation, queued)
        if not claimed:  # nothing to start, or somebody else has just started it
            return generation
        answers = self._call(generation, [generation.images[image.index] for image in claimed])
        return self._record(generation, answers)

    def _claim(self, generation: Generation, queued: Sequence[Image]) -> tuple[Generation, Sequence[Image]]:
        """All of them in one write; where another starter was first with some, the others one by one."""
        if not queued:
            return generation, []
        now = self.clock()
        together = self.ledger.claim(generation, queued, now)
        if together or len(queued) == 1:
            return together or generation, queued if together else []
        claimed = []
        for image in queued:
            if alone := self.ledger.claim(generation, [image], now):
                generation = alone
                claimed.append(image)
        return generation, claimed

    def _call(self, generation: Generation, images: Sequence[Image]) -> _Answers:
        photo_url, _ = self.photos.presign_get(generation.input_key, self.photo_url_seconds)
        answers = _Answers()

        def start(image: Image) -> None:
            try:
                answers.accepted[image.index] = self.model.start(self._request(generation, image, photo_url))
            except Throttled as error:
                answers.throttled[image.index] = error.retry_after or THROTTLED_SECONDS
            except Refused as error:
                answers.refused[image.index] = error.status
            except OutcomeUnknown:
                self.meter.note("prediction's answer lost", **generation.ids, image=image.index)

        self.side_by_side([lambda image=image: start(image) for image in images])  # type: ignore[misc]
        return answers

    def _request(self, generation: Generation, image: Image, photo_url: str) -> PredictionRequest:
        spec = CATALOGUE[generation.model]
        prompt = prompt_for(STYLES[generation.style], image.index)
        seed = seed_for(generation.id, image.index, image.attempt)
        token = self.tokens.seal(ImageRef(generation.user, generation.id, image.index, image.attempt))
        webhook = f"{self.webhook_url.rstrip('/')}/webhooks/replicate/{token}"
        return PredictionRequest(spec.name, spec.input(prompt, photo_url, seed), webhook)

    def _record(self, generation: Generation, answers: _Answers) -> Generation:
        throttled = [generation.images[index] for index in answers.throttled]
        due_at = self.clock() + max(answers.throttled.values()) if throttled else None
        if answers.accepted or throttled:
            generation = self.ledger.record_starts(generation, answers.accepted, throttled, due_at) or generation
        for index, status in answers.refused.items():
            self.meter.count("ProviderRefused")
            self.meter.note("prediction refused", **generation.ids, image=index, status=status)
            generation = self.refund(generation, generation.images[index], ImageError.START_FAILED, billed=False)
        for index, prediction_id in answers.accepted.items():
            self.meter.count("ProviderCost", float(generation.price))
            self.meter.note("prediction started", **generation.ids, image=index, prediction_id=prediction_id)
        return generation
