"""Which model of the chain makes the next attempt at an image. A place is a model's index in the chain."""

from collections.abc import Callable, Iterator, Sequence

from veil.domain.generation import Image
from veil.domain.image_models import ImageModelSpec


def place(models: Sequence[ImageModelSpec], image: Image) -> int:
    """Where the next attempt at ``image`` begins to look for a model.

    Each that failed is followed by the one behind it, also where it stood further back than the number of failures
    says, since models before it had no room. Beyond the chain it is the last one.
    """
    at = 0
    for failed in _failed_models(image):
        behind = (index + 1 for index, model in enumerate(models) if index >= at and model.name == failed)
        at = next(behind, at)
    return min(max(at, image.failures), len(models) - 1)


def _failed_models(image: Image) -> Iterator[str]:
    """In their order. A start that was refused ran nowhere, and is none of them; one whose answer was lost is."""
    for number in sorted(image.attempts):
        attempt = image.attempts[number]
        if number < image.attempt and not attempt.refused:
            yield attempt.model


def choose(
    models: Sequence[ImageModelSpec], images: Sequence[Image], has_room: Callable[[str, int], bool]
) -> dict[int, int]:
    """The place of each image's next model, by the image's index: the first from its own place on whose provider has
    room for all that may come to it; else the last, which is never asked.

    ``has_room`` is asked once about each provider, by its name.
    """
    rooms: dict[str, bool] = {}
    last = len(models) - 1
    places = {image.index: range(place(models, image), last) for image in images}

    def is_free(at: int) -> bool:
        provider = models[at].provider
        if provider not in rooms:
            coming = sum(any(models[each].provider == provider for each in its) for its in places.values())
            rooms[provider] = has_room(provider, coming)
        return rooms[provider]

    return {index: next(filter(is_free, its), last) for index, its in places.items()}
