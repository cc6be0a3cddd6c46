"""Continue a deletion that is due: a webhook that began before it may have stored an image after it."""

from dataclasses import dataclass

from veil.domain.deadlines import Policy
from veil.domain.delivery import EdgeCache
from veil.domain.ids import created_at
from veil.domain.ports import Clock, PhotoStore, WorkItem, WorkList


@dataclass(frozen=True)
class ContinueDeletion:
    """`veil.use_cases.sweep.Continue` of deleted generations."""

    work: WorkList
    photos: PhotoStore
    edge: EdgeCache
    policy: Policy
    clock: Clock

    def __call__(self, item: WorkItem) -> bool:
        """The record stays: without it nobody could tell that its credits were captured."""
        due_at = self.policy.next_due(created_at(item.id), self.clock())
        generation = self.work.lease(item, due_at)
        if generation is None:
            return False
        self.photos.delete([generation.result_key(image.index) for image in generation.images])
        self.edge.forget(generation.result_folder, f"{generation.id} deleted again")
        self.work.close(generation, due_at)
        return True
