"""Watches who agreed to a comparison of faces, and that each image that was compared is what was found of it."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from local.simulated.expressions import Item
from proofs.chaos.simulation.process import CURRENT
from proofs.chaos.simulation.rekognition import asked_about, prediction_in
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import from_item
from veil.domain.consents import ConsentKind, in_force
from veil.domain.generation import Generation, Image, ImageError, ImageStatus
from veil.domain.likeness import Likeness
from veil.domain.ports import AttemptRef

if TYPE_CHECKING:
    from proofs.chaos.simulation.world import SimulatedWorld

UNLIKE_RETRIES, MAX_ATTEMPTS, PREDICTION_SECONDS, DEADLINE_SECONDS = 1, 3, 240, 2700  # the settings' defaults


class LikenessWatch:
    def __init__(self, world: "SimulatedWorld") -> None:
        self._world = world
        self._decided: dict[str, list[tuple[float, bool]]] = defaultdict(list)

    def consents(self, after: Item) -> None:
        """A user's last decisions were written."""
        item = from_item(after)
        agreed = in_force(items.consents_from_item(item), ConsentKind.FACE_COMPARISON) is not None
        self._decided[item["pk"].removeprefix("USER#")].append((self._world.now(), agreed))

    def asked(self, asked: Any) -> None:
        """A call has come to Rekognition: for a person who agrees while the function runs, about their own photo."""
        process, (prediction_id, photo) = CURRENT.get(), asked_about(asked)
        ref = self._world.replicate.predictions[prediction_id].ref
        generation = self._world.watch.generations[ref.generation_id]
        since = process.began_at if process else self._world.now()
        if generation.face_consent is None or not self._agreed_once(ref.user, since):
            self._violation(generation, ref.index, "was compared without a consent")
        if photo != generation.input_key:
            self._violation(generation, ref.index, "was compared with another's photo")

    def judged(self, generation: Generation, then: Image, image: Image) -> None:
        """An image was written: all that is new in it is true."""
        for attempt in image.unlike.keys() - then.unlike.keys():
            ref = AttemptRef(generation.user, generation.id, image.index, attempt)
            shown = self._world.replicate.by_ref[ref].id
            self._true(generation, image, image.unlike[attempt], shown)
            if self._world.rekognition.truth(shown).alike:
                self._violation(generation, image.index, f"failed as unlike: attempt {attempt} shows the person")
        if then.status is image.status:
            return
        if image.status is ImageStatus.STORED:
            self._stored(generation, image)
        elif image.error is ImageError.UNLIKE:
            self._refunded(generation, then, image)

    def _stored(self, generation: Generation, image: Image) -> None:
        found = self._world.s3.objects.get(generation.result_key(image.index))
        likeness = image.output.likeness if image.output else None
        if likeness is None:
            if generation.face_consent and self._agreed_since(generation.user, generation.created_at):
                self._violation(generation, image.index, "was stored without a comparison")
        elif found:  # else its user has just left
            self._true(generation, image, likeness, prediction_in(found.data))
            if not likeness.passes:
                self._violation(generation, image.index, "is stored, and shows somebody else")

    def _true(self, generation: Generation, image: Image, likeness: Likeness, prediction_id: str) -> None:
        """What was found is what that prediction's output shows, and its user had agreed to it."""
        if generation.face_consent is None or not self._agreed_once(generation.user, generation.created_at):
            self._violation(generation, image.index, "has a score, and no consent")
        truth = self._world.rekognition.truth(prediction_id)
        if likeness.score is None:
            self._unchecked(generation, image, prediction_id)
        elif (likeness.score, likeness.faces) != (truth.score, truth.faces):
            self._violation(generation, image.index, f"has {likeness}, and shows {truth}")

    def _unchecked(self, generation: Generation, image: Image, prediction_id: str) -> None:
        """Only where the matcher failed to the last date, or the photo was gone."""
        self._world.score.ends["images stored unchecked"] += 1
        matcher = self._world.rekognition
        late = self._world.now() >= generation.created_at + DEADLINE_SECONDS
        if not (prediction_id in matcher.gone or (late and matcher.missed[prediction_id])):
            self._violation(generation, image.index, "is unchecked, and could have been compared")

    def _refunded(self, generation: Generation, then: Image, image: Image) -> None:
        """Only once no attempt was left, or no time for one."""
        self._world.score.ends["images refunded as unlike"] += 1
        over = self._world.now() + PREDICTION_SECONDS > generation.created_at + DEADLINE_SECONDS
        used_up = len(image.unlike) > UNLIKE_RETRIES or then.failures + 1 >= MAX_ATTEMPTS
        if not (image.unlike and (used_up or over)):
            self._violation(generation, image.index, "was refunded as unlike with an attempt left")

    def _agreed_once(self, user: str, since: float) -> bool:
        """Whether a consent was in force at any moment since then."""
        before = [agreed for at, agreed in self._decided[user] if at <= since][-1:]
        return any(before) or any(agreed for at, agreed in self._decided[user] if at > since)

    def _agreed_since(self, user: str, since: float) -> bool:
        """Whether one was in force at every moment since then; of who leaves, it goes with all the rest."""
        before = [agreed for at, agreed in self._decided[user] if at <= since][-1:]
        stayed = all(agreed for at, agreed in self._decided[user] if at > since)
        return any(before) and stayed and user not in self._world.watch.leaving.left

    def _violation(self, generation: Generation, index: int, what: str) -> None:
        self._world.score.violation(f"{generation.id}/{index} {what}")
