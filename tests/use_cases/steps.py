"""What most of these tests do and look at."""

from collections.abc import Callable

import pytest

from tests.fakes.world import World
from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.ports import StorageUnavailable, WorkItem
from veil.domain.predictions import PredictionStatus
from veil.use_cases.settle import Settlement

QUEUED, RUNNING, STORED, REFUNDED = ImageStatus


def first(world: World) -> str:
    """The oldest prediction."""
    return next(iter(world.model.started))


def latest(world: World) -> str:
    return list(world.model.started)[-1]


def end(world: World, status: PredictionStatus, data: bytes | Exception | None = None) -> Settlement:
    """End the newest prediction, and deliver its webhook."""
    world.finish(latest(world), status, data)
    return world.webhook(latest(world))


def last_image(world: World, generation: Generation) -> Image:
    return world.now(generation).images[-1]


def statuses(generation: Generation) -> list[ImageStatus]:
    return [image.status for image in generation.images]


def settled(world: World, *statuses: PredictionStatus) -> Generation:
    """A generation whose images ended like this, each by its webhook."""
    generation = world.generation()
    for prediction_id, status in zip(list(world.model.started)[-4:], statuses, strict=True):
        data = b"portrait of " + prediction_id.encode() if status is PredictionStatus.SUCCEEDED else None
        world.finish(prediction_id, status, data)
        world.webhook(prediction_id)
    return world.now(generation)


def on_the_list(world: World) -> list[WorkItem]:
    return list(world.work.due(world.clock() + 24 * 3600))


def fail_once(world: World, monkeypatch: pytest.MonkeyPatch, port: object, name: str) -> None:
    """The port's next call fails before it has an effect."""
    works: Callable[..., object] = getattr(port, name)

    def fail(*_: object) -> None:
        monkeypatch.setattr(port, name, works)
        raise StorageUnavailable("throttled")

    monkeypatch.setattr(port, name, fail)
