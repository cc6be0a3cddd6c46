"""Watches every write for a transition that must not be, and every error and log line."""

import json
import re
from base64 import b64encode

from local.simulated.dynamodb import DynamoDb
from local.simulated.environment import SECRETS
from local.simulated.expressions import Item
from proofs.chaos.simulation.event_watch import EventWatch
from proofs.chaos.simulation.leaving_watch import LeavingWatch
from proofs.chaos.simulation.likeness_watch import LikenessWatch
from proofs.chaos.simulation.money_watch import MoneyWatch
from proofs.chaos.simulation.process import CURRENT
from proofs.chaos.simulation.replicate import ref_of
from proofs.chaos.simulation.score import Score
from veil.adapters.dynamodb.encoding import from_item
from veil.adapters.dynamodb.items import CONSENTS, generation_from_item, generation_sort, partition
from veil.domain.generation import Generation, ImageStatus
from veil.domain.payments import PaymentUnsettled
from veil.domain.photos import FaceServiceDown, FaceServiceRefused
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import OutputUnavailable

QUEUED, RUNNING, STORED, REFUNDED = ImageStatus
TRANSITIONS = {
    (QUEUED, RUNNING): "claimed",
    (RUNNING, QUEUED): "requeued",
    (QUEUED, STORED): "stored",
    (RUNNING, STORED): "stored",
    (QUEUED, REFUNDED): "refunded",
    (RUNNING, REFUNDED): "refunded",
}
_KEYS = "|".join(b64encode(f"{secret}:".encode()).decode() for secret in SECRETS.values())  # as they are sent
SECRET = re.compile(
    "never-in-a-log|never_in_a_log|whsec_|X-Amz-Signature|/webhooks/(replicate|toss)/[^<{]|"
    rf"\b(bk|ak)_[A-Za-z0-9_=-]{{20}}|{_KEYS}"
)
EXPECTED = (StorageUnavailable, OutputUnavailable, PaymentUnsettled, FaceServiceDown, FaceServiceRefused)
NAMES = {error.__name__ for error in EXPECTED}


class Watch:
    """Counts who settled what; whatever must not be is a violation in ``score``. ``generations`` are all that ever
    were, by id, as they stood last.
    """

    def __init__(self, score: Score, likeness: LikenessWatch, leaving: LeavingWatch, events: EventWatch) -> None:
        self._score, self.likeness, self.leaving, self.events = score, likeness, leaving, events
        self.money = MoneyWatch(score)
        self.generations: dict[str, Generation] = {}

    def __call__(self, before: Item | None, after: Item) -> None:
        """An item was written."""
        self.money(after)
        self.leaving(before, after)
        kind = after["sk"]["S"].partition("#")[0]
        if kind == CONSENTS:
            self.likeness.consents(after)
        elif kind in ("GENERATION", "DELETED"):
            new = generation_from_item(from_item(after))
            if old := self.generations.get(new.id):
                self._generation(old, new)
            self.generations[new.id] = new

    def _generation(self, old: Generation, new: Generation) -> None:
        process = CURRENT.get()
        function = process.function if process else "nobody"
        self.events.wrote(old, new)
        for image, then in zip(old.images, new.images, strict=True):
            self.likeness.judged(new, image, then)
            if image.status is then.status:
                continue
            if name := TRANSITIONS.get((image.status, then.status)):
                self._score.ends[f"images {name} by {function}"] += 1
            else:
                self._score.violation(f"{new.id}/{image.index}: {image.status} → {then.status} by {function}")

    def raised(self, function: str, error: BaseException) -> None:
        """A handler raised: that is allowed only where a storage or a provider failed."""
        for each in _leaves(error):
            if not isinstance(each, EXPECTED):
                self._score.violation(f"{function} raised {each!r}")
        self._score.ends[f"{function} tried again later"] += 1

    def accepted(self, dynamodb: DynamoDb, path: str) -> None:
        """A webhook was answered 2xx, so it will not come again: its attempt has to be settled."""
        ref = ref_of(path)
        item = dynamodb.item(partition(ref.user), generation_sort(ref.generation_id))
        image = generation_from_item(from_item(item)).images[ref.index] if item else None
        if image and image.status is RUNNING and image.attempt == ref.attempt:
            self._score.violation(f"{ref.generation_id}/{ref.index}: its webhook was accepted, and nothing done")

    def logged(self, written: str) -> None:
        """All that the functions logged: no secret, and no error but those expected."""
        if leak := SECRET.search(written):
            line = written[max(0, leak.start() - 200) : leak.end()]
            self._score.violation(f"a log has a secret: {line}")
        for line in written.splitlines():
            entry = json.loads(line)
            if entry.get("level") == "ERROR" and entry.get("exception_name") not in NAMES:
                self._score.violation(f"{entry.get('message')}: {entry.get('exception', '')[-600:]}")


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in _leaves(each)]
    return [error]
