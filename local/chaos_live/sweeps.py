"""The sweep, more often than every minute, and whether anything is left for it."""

from collections.abc import Iterator
from threading import Event

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.chaos_live.score import Score
from local.running import RunningCloud
from veil.adapters.dynamodb.items import generation_from_item
from veil.adapters.dynamodb.table import from_item

CALM = Config(read_timeout=200, retries={"total_max_attempts": 1})  # past the 180 s of the sweeper


class Sweeps:
    """Calls the deployed sweeper; looks behind the API at what is open."""

    def __init__(self, running: RunningCloud, score: Score) -> None:
        self._running, self._score = running, score
        self._lambda = running.client("lambda", config=CALM)
        self._table, self._bucket = running.client("dynamodb"), running.client("s3")

    def run(self, stop: Event, every: float) -> None:
        """One after another, ``every`` seconds apart, until ``stop`` is set."""
        while not stop.wait(every):
            self._score.sweeps[self._sweep()] += 1

    def _sweep(self) -> str:
        try:
            answer = self._lambda.invoke(FunctionName=self._running.functions["sweeper"], Payload=b"{}")
        except (BotoCoreError, ClientError) as error:
            return type(error).__name__
        return "failed" if "FunctionError" in answer else "done"

    def open(self) -> list[str]:
        """Every generation with an open image, every raw photo that is there."""
        return [*self._generations(), *self._uploads()]

    def _generations(self) -> Iterator[str]:
        pages = self._table.get_paginator("scan").paginate(
            TableName=self._running.table,
            ConsistentRead=True,
            FilterExpression="begins_with(sk, :prefix)",
            ExpressionAttributeValues={":prefix": {"S": "GENERATION#"}},
        )
        for generation in (generation_from_item(from_item(item)) for page in pages for item in page["Items"]):
            if generation.open_images:
                states = ", ".join(image.status for image in generation.images)
                yield f"generation {generation.id} of {generation.user}: {states}"

    def _uploads(self) -> Iterator[str]:
        """A raw photo is deleted last: until then its check has not come to its end."""
        pages = self._bucket.get_paginator("list_objects_v2").paginate(Bucket=self._running.bucket, Prefix="incoming/")
        for page in pages:
            yield from (f"photo {each['Key']}" for each in page.get("Contents", []))
