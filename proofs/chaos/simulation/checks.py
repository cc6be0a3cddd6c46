"""What must hold once a world has come to its end."""

from collections import defaultdict

from local.simulated.environment import BUCKET, TABLE
from operations.audit.audit import Audit
from operations.audit.records import AwsRecords
from operations.audit.rules import ENDS_WITHIN_SECONDS
from proofs.chaos.simulation.watch import ref_of
from proofs.chaos.simulation.world import World
from veil.adapters.aws import client as aws
from veil.adapters.dynamodb.encoding import from_item
from veil.adapters.dynamodb.items import generation_from_item
from veil.adapters.dynamodb.table import dynamodb
from veil.domain.generation import Generation
from veil.domain.image_models import CATALOGUE


def check(made: World) -> None:
    """Hold the audit, and what only a simulation can know; all that is wrong is in the score."""
    generations = [generation_from_item(from_item(item)) for item in made.generations()]
    made.score.generations = len(generations)
    made.score.unended = sum(bool(one.open_images) for one in generations)
    predictions = _predictions(made)
    for generation in generations:
        made.score.ends[f"generations {generation.status}"] += 1
        _ended(made, generation)
        _own_portraits(made, generation, predictions)
        _paid(made, generation, predictions)
    _uploads(made)
    records = AwsRecords(dynamodb(), TABLE, aws.client("s3"), BUCKET)
    for verdict in Audit(records, made.now, lambda _: None)():
        for finding in verdict.findings:
            made.score.violation(f"{finding.rule}: {finding.user} {finding.generation or ''} {finding.detail}")


def _predictions(made: World) -> dict[tuple[str, int], list[str]]:
    """The predictions that were ever made for an image, by generation and index."""
    found = defaultdict(list)
    for prediction in made.replicate.predictions.values():
        ref = ref_of(prediction.path)
        found[ref.generation_id, ref.index].append(prediction.id)
    return found


def _ended(made: World, generation: Generation) -> None:
    if generation.finished_at is None:
        made.score.violation(f"{generation.id} has not ended")
    elif generation.finished_at - generation.created_at > ENDS_WITHIN_SECONDS:
        minutes = (generation.finished_at - generation.created_at) / 60
        made.score.violation(f"{generation.id} ended after {minutes:.0f} minutes")


def _own_portraits(made: World, generation: Generation, predictions: dict[tuple[str, int], list[str]]) -> None:
    """What stands for an image was made for it: nobody ever sees another one's face."""
    for image in generation.images:
        found = made.s3.objects.get(generation.result_key(image.index))
        own = [made.replicate.portrait(each) for each in predictions.get((generation.id, image.index), [])]
        if image.output and found and found.data not in own:
            made.score.violation(f"{generation.id}/{image.index} shows what was not made for it")


def _paid(made: World, generation: Generation, predictions: dict[tuple[str, int], list[str]]) -> None:
    """What Replicate charges us for is in the generation's cost."""
    ids = [each for image in generation.images for each in predictions.get((generation.id, image.index), [])]
    billed = sum(made.replicate.predictions[each].status != "aborted" for each in ids)
    if generation.cost < billed * CATALOGUE[generation.model].price:
        made.score.violation(f"{generation.id} cost {generation.cost}, for {billed} predictions")


def _uploads(made: World) -> None:
    """Every photo that landed was checked, unless its check was given up; and then it is gone."""
    for key in made.s3.objects:
        if key.startswith("incoming/") and key not in made.queue.given_up:
            made.score.violation(f"{key} was never checked")
    for item in made.dynamodb.items("UPLOAD#"):
        made.score.ends[f"uploads {item['status']['S']}"] += 1
