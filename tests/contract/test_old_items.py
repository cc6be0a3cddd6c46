"""Generations that the code of before wrote are read, and go on: their attempts have no seed, and they no role."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from local.simulated.environment import TABLE
from tests.contract.backends import Backend, on_moto
from tests.contract.images import UNBILLED, attempts
from tests.fakes.clock import START
from veil.adapters.aws import client as aws
from veil.adapters.dynamodb.encoding import from_item, to_item
from veil.adapters.dynamodb.items import generation_from_item, generation_sort, generation_to_item, key
from veil.domain.generation import Attempt, Generation, ImageStatus

OLD = {"provider": "replicate", "model": "black-forest-labs/flux-1.1-pro", "price": Decimal("0.04")}


@pytest.fixture
def backend() -> Iterator[Backend]:
    with on_moto() as backend:
        yield backend


def test_an_attempt_without_a_seed_is_read_and_ends(backend: Backend) -> None:
    running = backend.running("ada", START)
    assert "role" not in _written_before(running)
    read = backend.stands(running)
    assert read.role is None
    assert {image.attempts[1] for image in read.images} == {Attempt(**OLD)}  # type: ignore[arg-type]
    queued = backend.ledger.requeue(read, read.images[0], UNBILLED)
    assert queued is not None
    assert queued.cost == Decimal("0.12")
    again = backend.ledger.claim(queued, attempts([queued.images[0]]), START)
    assert again is not None
    assert again.images[0].status is ImageStatus.RUNNING
    assert again.cost == sum(each.price for image in again.images for each in image.attempts.values())


def test_what_a_later_version_adds_to_an_attempt_is_left_alone(backend: Backend) -> None:
    item = generation_to_item(backend.generation("ada", START))
    item["images"]["0"]["attempts"] = {"1": {**OLD, "seed": Decimal(7), "region": "kr"}}
    assert generation_from_item(item).images[0].attempts[1].seed == 7


def _written_before(generation: Generation) -> dict[str, Any]:
    """The stored item as the code of before would have written it, put in the place of what is there."""
    client, where = aws.client("dynamodb"), key(generation.user, generation_sort(generation.id))
    item = from_item(client.get_item(TableName=TABLE, Key=where)["Item"])
    for image in item["images"].values():
        image["attempts"] = {number: dict(OLD) for number in image["attempts"]}
    client.put_item(TableName=TABLE, Item=to_item(item))
    return item
