"""Read generations, select an image, delete."""

from dataclasses import dataclass

from veil.domain.deadlines import due_for_cleanup
from veil.domain.delivery import EdgeCache
from veil.domain.errors import GenerationNotFound, ImageNotStored, InvalidField, InvalidRequest, StillProcessing
from veil.domain.generation import Generation, ImageStatus
from veil.domain.ids import is_id
from veil.domain.ports import Clock, Generations, Page, PhotoStore


@dataclass(frozen=True)
class Gallery:
    generations: Generations
    photos: PhotoStore
    edge: EdgeCache
    clock: Clock

    def list(self, user: str, limit: int, after: str | None) -> Page[Generation]:
        """Newest first."""
        return self.generations.newest(user, limit, after)

    def get(self, user: str, generation_id: str) -> Generation:
        """Raises `GenerationNotFound`."""
        generation = self.generations.get(user, generation_id) if is_id(generation_id) else None
        if generation is None:
            raise GenerationNotFound
        return generation

    def select(self, user: str, generation_id: str, index: int) -> Generation:
        """Raises `GenerationNotFound`, `InvalidRequest` for an index out of range, and `ImageNotStored`."""
        generation = self.get(user, generation_id)
        last = len(generation.images) - 1
        if not 0 <= index <= last:
            raise InvalidRequest(InvalidField("image", "out_of_range", {"least": 0, "most": last}))
        if generation.images[index].status is not ImageStatus.STORED:
            raise ImageNotStored
        return self._chosen(generation, index)

    def unselect(self, user: str, generation_id: str) -> Generation:
        """Raises `GenerationNotFound`."""
        return self._chosen(self.get(user, generation_id), None)

    def _chosen(self, generation: Generation, index: int | None) -> Generation:
        after = self.generations.select(generation, index)
        if after is None:  # deleted meanwhile
            raise GenerationNotFound
        return after

    def delete(self, user: str, generation_id: str) -> None:
        """Hide it, delete its images, and let the edge forget them; the sweep does so once more, as a late webhook may
        still upload.

        Raises `GenerationNotFound` and `StillProcessing`.
        """
        if not is_id(generation_id):
            raise GenerationNotFound
        generation = self.generations.get(user, generation_id)
        if generation is None:
            generation = self.generations.deleted(user, generation_id)  # by an earlier request, maybe cut short
        elif generation.open_images:
            raise StillProcessing
        else:
            self.generations.begin_delete(generation, due_for_cleanup(self.clock()))
        if generation is None:
            raise GenerationNotFound
        self.photos.delete([generation.result_key(image.index) for image in generation.images])
        self.edge.forget(generation.result_folder, f"{generation.id} deleted")
