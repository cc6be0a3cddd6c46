"""Start the queued images of a generation: claim them, call their providers in parallel, record the answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

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
    PolledProvider,
    StorageUnavailable,
    Telemetry,
    WebhookTokens,
)
from veil.domain.predictions import OutcomeUnknown, PredictionRequest, Refused, Throttled
from veil.domain.routing import choose, place
from veil.domain.styles import STYLES, edit_prompt, scene_prompt
from veil.use_cases.refund import Refund

if TYPE_CHECKING:
    from veil.use_cases.ask_later import AskLater  # a cold start pays for each import

THROTTLED_SECONDS = 30  # how soon a throttled start is tried again when the provider gives no hint

type Places = Mapping[int, int]  # in the chain, by the index of the image


@dataclass(slots=True)
class _Answers:
    """The providers' answers by image: prediction id, seconds to wait, status; ``unknown`` are those that were lost."""

    accepted: dict[int, str] = field(default_factory=dict)
    throttled: dict[int, float] = field(default_factory=dict)
    refused: dict[int, int] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class StartQueued:
    """A crash after the claim leaves images running without a prediction id: the webhook's token or the attempt's key
    still finds them, and without either they become overdue. No start is ever repeated: it is not idempotent.

    ``models`` is the chain: an attempt is made with the first model from its place on whose provider has room
    (`veil.domain.routing`). Where a provider refuses and another one stands behind it, that one is asked at once:
    nothing ran, so no attempt has failed.
    """

    ledger: Ledger
    photos: PhotoStore
    providers: Mapping[str, ImageProvider]
    polled: Mapping[str, PolledProvider]
    models: Sequence[ImageModelSpec]
    tokens: WebhookTokens
    ask_later: "AskLater"
    refund: Refund
    in_parallel: InParallel
    clock: Clock
    telemetry: Telemetry
    webhook_url: str
    photo_url_seconds: int

    def __call__(self, generation: Generation) -> Generation:
        """The generation as it stands afterwards; what the last provider refused for good is refunded."""
        queued = [image for image in generation.images if image.status is ImageStatus.QUEUED]
        return self._start(generation, queued, frozenset()) if queued else generation

    def _start(self, generation: Generation, queued: Sequence[Image], without: Collection[str]) -> Generation:
        """Without these providers, except that the last of the chain is always there: each round leaves one more out.

        All that may fail on our side is done before the claim: from there on, an attempt counts.
        """
        places = choose(self.models, queued, partial(self._has_room, generation, without))
        photo_url, _ = self.photos.presign_get(generation.input_key, self.photo_url_seconds)
        requests = {image.index: self._request(generation, image, places[image.index], photo_url) for image in queued}
        generation, claimed = self._claim(generation, queued, places)
        if not claimed:  # another process has just started them
            return generation
        answers = _Answers()
        try:
            self._call(generation, {index: requests[index] for index in claimed}, places, answers)
        finally:  # a defect in one call must not lose the ids of the others
            generation = self._record(generation, places, answers)
        back = [generation.images[index] for index in self._elsewhere(places, answers)]
        again = [image for image in back if image.status is ImageStatus.QUEUED]
        refusing = {self.models[places[image.index]].provider for image in again}
        return self._start(generation, again, refusing.union(without)) if again else generation

    def _has_room(self, generation: Generation, without: Collection[str], provider: str, images: int) -> bool:
        if provider in without:
            return False
        try:
            return provider not in self.polled or self.polled[provider].has_room(images)
        except StorageUnavailable as error:  # its credential could not be read
            self.telemetry.log("passed over", **generation.log_ids, provider=provider, why=str(error))
            return False

    def _attempt(self, generation: Generation, image: Image, at: int) -> Attempt:
        model = self.models[at]
        seed = seed_for(generation.id, image.index, image.attempt) if model.takes_seed else None
        return Attempt(model.provider, model.name, model.price, seed=seed)

    def _claim(
        self, generation: Generation, queued: Sequence[Image], places: Places
    ) -> tuple[Generation, Sequence[int]]:
        """All of them in one write; where another starter was first with some, the others one by one."""
        now = self.clock()
        attempts = {image.index: self._attempt(generation, image, places[image.index]) for image in queued}
        together = self.ledger.claim(generation, attempts, now)
        claimed = list(attempts) if together else []
        generation = together or generation
        if not together and len(attempts) > 1:
            for index, attempt in attempts.items():
                if alone := self.ledger.claim(generation, {index: attempt}, now):
                    generation = alone
                    claimed.append(index)
        if passed := sum(places[index] > place(self.models, generation.images[index]) for index in claimed):
            self.telemetry.count("ModelOverflows", passed)
        return generation, claimed

    def _call(
        self, generation: Generation, requests: Mapping[int, PredictionRequest], places: Places, answers: _Answers
    ) -> None:
        def start(index: int) -> None:
            try:
                provider = self.providers[self.models[places[index]].provider]
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

    def _elsewhere(self, places: Places, answers: _Answers) -> list[int]:
        """The images that were refused, for now or for good, where another provider stands behind the one that did."""
        refused = (*answers.throttled, *answers.refused)
        return [index for index in refused if len({model.provider for model in self.models[places[index] :]}) > 1]

    def _request(self, generation: Generation, image: Image, at: int, photo_url: str) -> PredictionRequest:
        model = self.models[at]
        write = edit_prompt if model.keeps_person else scene_prompt
        prompt = write(STYLES[generation.style], generation.role, image.index)
        seed = self._attempt(generation, image, at).seed
        token = self.tokens.seal(AttemptRef(generation.user, generation.id, image.index, image.attempt))
        return PredictionRequest(
            model=model.name,
            input=model.input(prompt, photo_url, seed),
            webhook=f"{self.webhook_url.rstrip('/')}/webhooks/{model.provider}/{token}",
            key=attempt_key(generation.id, image.index, image.attempt),
            photo_key=generation.input_key,
        )

    def _record(self, generation: Generation, places: Places, answers: _Answers) -> Generation:
        if started := [*answers.accepted, *answers.unknown]:
            prices = [self.models[places[index]].price for index in started]
            self.telemetry.count("ProviderCost", float(sum(prices)))
        elsewhere = self._elsewhere(places, answers)
        claimed, generation = generation, self._record_starts(generation, answers, elsewhere)
        for index, status in answers.refused.items():
            self.telemetry.count("ProviderRefused")
            ids = {**generation.log_ids, "provider": self.models[places[index]].provider}
            self.telemetry.log("prediction refused", **ids, image=index, status=status)
            if index not in elsewhere:
                generation = self.refund(generation, generation.images[index], REFUSED) or generation
        if answers.accepted:
            self.telemetry.log(
                "predictions started", **generation.log_ids, predictions=dict(sorted(answers.accepted.items()))
            )
        self.ask_later(claimed, [claimed.images[index] for index in started])
        return generation

    def _record_starts(self, generation: Generation, answers: _Answers, elsewhere: Collection[int]) -> Generation:
        """One write; if an image that goes back was settled meanwhile, write the others separately.

        One that goes elsewhere is due, too, in case this process ends before.
        """
        accepted = answers.accepted
        waits = {**answers.throttled, **dict.fromkeys(elsewhere, THROTTLED_SECONDS)}
        back = [generation.images[index] for index in waits]
        if not (accepted or back):
            return generation
        due_at = self.clock() + max(waits.values()) if back else None
        recorded = self.ledger.record_starts(generation, accepted, back, due_at)
        if recorded:
            return recorded
        generation = (accepted and self.ledger.record_starts(generation, accepted, [], None)) or generation
        for image in back:
            generation = self.ledger.record_starts(generation, {}, [image], due_at) or generation
        return generation
