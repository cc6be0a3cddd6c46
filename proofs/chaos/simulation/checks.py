"""What must hold when a world has ended."""

from collections import defaultdict

from local.simulated.environment import BUCKET, TABLE
from operations.audit.audit import Audit
from operations.audit.records import AwsRecords
from operations.audit.rules import ENDS_WITHIN_SECONDS
from proofs.chaos.simulation.comfy import check_comfy
from proofs.chaos.simulation.leaving_checks import check_leaving
from proofs.chaos.simulation.money_checks import check_money
from proofs.chaos.simulation.world import SimulatedWorld
from veil.adapters.aws import client as aws
from veil.adapters.dynamodb.table import dynamodb
from veil.adapters.providers.output_fetcher import picture_in
from veil.domain.generation import Generation
from veil.domain.image_models import CATALOGUE


def check(world: SimulatedWorld) -> None:
    """Run the audit, and the checks that only a simulation can make; all that is wrong is in the score."""
    generations = list(world.watch.generations.values())
    world.score.generations = len(generations)
    world.score.unended = sum(bool(each.open_images) for each in generations)
    predictions = defaultdict(list)  # by generation and index of the image
    for prediction in world.replicate.predictions.values():
        predictions[prediction.ref.generation_id, prediction.ref.index].append(prediction.id)
    for generation in generations:
        world.score.ends[f"generations {generation.status}"] += 1
        own = {index: predictions[generation.id, index] for index in range(len(generation.images))}
        _ended(world, generation)
        _own_images(world, generation, own)
        _paid(world, generation, own)
    _uploads(world)
    check_money(world)
    check_leaving(world)
    check_comfy(world)
    world.dynamodb.clear_expired()
    records = AwsRecords(dynamodb(), TABLE, aws.client("s3"), BUCKET)
    for verdict in Audit(records, world.now, lambda _: None)():
        for finding in verdict.findings:
            world.score.violation(f"{finding.rule}: {finding.user} {finding.generation or ''} {finding.detail}")


def _ended(world: SimulatedWorld, generation: Generation) -> None:
    if generation.finished_at is None:
        world.score.violation(f"{generation.id} has not ended")
    elif generation.finished_at - generation.created_at > ENDS_WITHIN_SECONDS:
        minutes = (generation.finished_at - generation.created_at) / 60
        world.score.violation(f"{generation.id} ended after {minutes:.0f} minutes")


def _own_images(world: SimulatedWorld, generation: Generation, predictions: dict[int, list[str]]) -> None:
    """An image was made for its own generation: nobody ever sees another person's face."""
    for image in generation.images:
        found = world.s3.objects.get(generation.result_key(image.index))
        own = (picture_in(world.replicate.image(each))[0] for each in predictions[image.index])
        if image.output and found and found.data not in own:
            world.score.violation(f"{generation.id}/{image.index} shows what was not made for it")


def _paid(world: SimulatedWorld, generation: Generation, predictions: dict[int, list[str]]) -> None:
    """What Replicate charges us for is in the generation's cost."""
    made = [world.replicate.predictions[each] for its in predictions.values() for each in its]
    billed = [CATALOGUE[prediction.model].price for prediction in made if prediction.status != "aborted"]
    if generation.cost < sum(billed):
        world.score.violation(f"{generation.id} cost {generation.cost}, for {len(billed)} predictions of {sum(billed)}")
    for image in generation.images:
        for attempt in image.attempts.values():
            prediction = world.replicate.predictions.get((attempt.prediction_id or "").partition(".")[0])
            if prediction and prediction.model != attempt.model:
                world.score.violation(f"{generation.id}/{image.index}: {prediction.model} ran as {attempt.model}")
        world.score.ends[
            f"images after attempts with {len({one.model for one in image.attempts.values()})} models"
        ] += 1


def _uploads(world: SimulatedWorld) -> None:
    """Every photo was checked and is gone, unless its check was given up."""
    for key in world.s3.objects:
        if key.startswith("incoming/") and key not in world.queue.given_up:
            world.score.violation(f"{key} was never checked")
    for item in world.dynamodb.items("UPLOAD#"):
        world.score.ends[f"uploads {item['status']['S']}"] += 1
