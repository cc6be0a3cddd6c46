"""A Comfy in memory: it calls nobody back, has a queue, and keeps photos until it is told to forget them."""

from collections import deque
from collections.abc import Sequence
from threading import Lock

from tests.fakes.replicate import FakeReplicate
from veil.domain.ports import AttemptRef, PolledProvider, PollQueue, StorageUnavailable
from veil.domain.predictions import PredictionGone, PredictionRequest, ProviderDown


class FakeComfy(FakeReplicate, PolledProvider):
    """``room`` is how many images it takes; ``keys`` are those that it was started with, and ``photos`` whose photos it
    has, each by the prediction's id.
    """

    def __init__(self) -> None:
        super().__init__()
        self.room: int | StorageUnavailable = 100
        self.room_asked: list[int] = []
        self.keys: dict[str, str] = {}
        self.photos: set[str] = set()

    def start(self, request: PredictionRequest) -> str:
        if request.key in self.keys and not self.down:  # the same key is the same prediction
            return self.keys[request.key]
        try:
            return super().start(request)
        finally:  # also where its answer is lost
            for prediction_id, started in self.started.items():
                if started.request.key not in self.keys:
                    self.keys[started.request.key] = prediction_id
                    self.photos.add(prediction_id)

    def has_room(self, images: int) -> bool:
        self.room_asked.append(images)
        if isinstance(self.room, StorageUnavailable):
            raise self.room
        return not self.down and images <= self.room

    def find(self, key: str) -> str | None:
        if self.down:
            raise ProviderDown("down")
        return self.keys.get(key)

    def forget(self, prediction_id: str) -> None:
        if self.down:
            raise ProviderDown("down")
        if prediction_id not in self.photos:
            raise PredictionGone
        self.photos.discard(prediction_id)

    def restart(self) -> None:
        """It knows nothing any more; the photos are still there."""
        self.started.clear()
        self.keys.clear()


class MemoryPollQueue(PollQueue):
    """``waiting``: the attempts, each with the seconds that it waits; ``fails``: it takes none, ``asked`` how often."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[AttemptRef, int]] = deque()
        self.fails = False
        self.asked = 0
        self._lock = Lock()

    def send(self, refs: Sequence[AttemptRef], seconds: int) -> None:
        self.asked += 1
        if self.fails:
            raise StorageUnavailable("no queue")
        with self._lock:
            self.waiting.extend((ref, seconds) for ref in refs)
