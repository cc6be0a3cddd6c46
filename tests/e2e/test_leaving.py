"""Somebody with many photos leaves the deployed stack: by its own roles, through its own queue."""

from operations.client import VeilClient
from tests.e2e.world import World, subject
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import to_item
from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.ids import new_id
from veil.domain.uploads import user_folder

GENERATIONS = 200
NOW = 1.8e9


def fill(world: World, user: str) -> None:
    """Two hundred generations with their eight hundred objects, as they would have come in years."""
    for number in range(GENERATIONS):
        images = tuple(Image(index, ImageStatus.STORED) for index in range(4))
        generation = Generation(user, new_id(NOW + number), "classic", "a/model", new_id(NOW), NOW, images, 1)
        item = to_item(items.generation_to_item(generation))
        world.dynamodb.put_item(TableName=world.running.table, Item=item)
        for index in range(4):
            world.s3.put_object(Bucket=world.running.bucket, Key=generation.result_key(index), Body=b"x")


def test_all_of_it_goes(world: World, alice: VeilClient) -> None:
    user = subject(alice)
    alice.get("/credits")
    fill(world, user)
    receipt = alice.wait_for_erasure(alice.leave())
    assert receipt["erased"]["objects"] == 4 * GENERATIONS
    assert receipt["erased"]["items"] >= GENERATIONS
    assert set(world.sorts(user)) <= {"CREDITS", "ERASURE"}
    assert [world.objects(f"{kind}/{user_folder(user)}/") for kind in ("incoming", "inputs", "results")] == [[], [], []]
    assert alice.api.get("/credits").status_code == 410
