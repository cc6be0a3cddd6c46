"""What of a local cloud's work has not come to its end yet: looked up behind the API."""

from collections.abc import Iterator

from local.cloud.running import RunningCloud
from veil.adapters.dynamodb.encoding import from_item
from veil.adapters.dynamodb.items import generation_from_item


def unfinished(running: RunningCloud) -> list[str]:
    """Every generation with an open image, every raw photo that is there, in words."""
    return [*_generations(running), *_uploads(running)]


def _generations(running: RunningCloud) -> Iterator[str]:
    pages = (
        running.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=running.table,
            ConsistentRead=True,
            FilterExpression="begins_with(sk, :prefix)",
            ExpressionAttributeValues={":prefix": {"S": "GENERATION#"}},
        )
    )
    for generation in (generation_from_item(from_item(item)) for page in pages for item in page["Items"]):
        if generation.open_images:
            states = ", ".join(image.status for image in generation.images)
            yield f"generation {generation.id} of {generation.user}: {states}"


def _uploads(running: RunningCloud) -> Iterator[str]:
    """A raw photo is deleted last: until then its check has not come to its end."""
    pages = running.client("s3").get_paginator("list_objects_v2").paginate(Bucket=running.bucket, Prefix="incoming/")
    for page in pages:
        yield from (f"photo {each['Key']}" for each in page.get("Contents", []))
