"""The deployed stack of a local cloud, as the proofs use it: break what is around it, sweep it, wait, audit."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep, time
from typing import Any

import httpx
from botocore.config import Config

from local.cloud.options import Options
from local.cloud.running import RunningCloud
from local.cloud.up import cloud
from local.processes import poll
from operations.audit.against_toss import AgainstToss
from operations.audit.report import Report, audit
from operations.money import StageMoney
from operations.progress import Progress
from operations.visit import Json
from veil.adapters.dynamodb.encoding import from_item
from veil.adapters.dynamodb.items import generation_from_item

SETTLE_SECONDS = 600
SWEEPER = Config(read_timeout=200, retries={"total_max_attempts": 1})  # it runs for up to 180 s


class Stack:
    """A stack that runs. ``http`` trusts its certificates."""

    def __init__(self, running: RunningCloud, http: httpx.Client) -> None:
        self.running, self._http = running, http
        self._lambda = running.client("lambda", config=SWEEPER)

    def send(self, method: str, url: str, body: Any = None) -> Any:
        """Send a request to one of the stack's own services; answers its JSON, raises `httpx.HTTPError`."""
        return self._http.request(method, url, json=body).raise_for_status().json()

    def providers(self, method: str, rules: Json | None = None) -> Any:
        """How the providers' stand-ins behave: POST sets ``rules``, GET shows them, DELETE drops them all."""
        return self.send(method, f"{self.running.providers_url}/_control", rules)

    def detour(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the proxy between the functions and AWS."""
        return self.send(method, f"{self.running.detour_url}{path}", body)

    def sweep(self) -> bool:
        """Invoke the sweeper; whether it ended well. Raises boto3's errors."""
        answer = self._lambda.invoke(FunctionName=self.running.functions["sweeper"], Payload=b"{}")
        return "FunctionError" not in answer

    def settle(self) -> list[str]:
        """Wait for up to ten minutes until nothing is unfinished; answers what still is."""
        poll(lambda: not self.unfinished(), SETTLE_SECONDS, interval=2)
        return self.unfinished()

    def unfinished(self) -> list[str]:
        """Every generation with an open image and every raw photo that is still there, in words."""
        return [*self._open_generations(), *self._raw_photos()]

    def audit(self, *, toss: bool = False) -> Report:
        """``toss``: hold each order against the stand-in of Toss, too."""
        if not toss:
            return audit(self.running.stage)
        with StageMoney(self.running.stage) as money:
            return audit(self.running.stage, AgainstToss(money.payments, money.orders.get, time, sleep))

    def items(self) -> Iterator[Any]:
        """All of the table's items, in the wire's format."""
        pages = self.running.client("dynamodb").get_paginator("scan")
        for page in pages.paginate(TableName=self.running.table, ConsistentRead=True):
            yield from page["Items"]

    def _open_generations(self) -> Iterator[str]:
        found = (item for item in self.items() if item["sk"]["S"].startswith("GENERATION#"))
        for generation in (generation_from_item(from_item(item)) for item in found):
            if generation.open_images:
                states = ", ".join(image.status for image in generation.images)
                yield f"generation {generation.id} of {generation.user}: {states}"

    def _raw_photos(self) -> Iterator[str]:
        """A check deletes the raw photo last: until then it has not ended."""
        listing = self.running.client("s3").get_paginator("list_objects_v2")
        for page in listing.paginate(Bucket=self.running.bucket, Prefix="incoming/"):
            yield from (f"photo {each['Key']}" for each in page.get("Contents", []))


@contextmanager
def deployed(options: Options, progress: Progress) -> Iterator[Stack]:
    """A stack on a local cloud of its own while the block runs; raises `LocalError` where that can't be had."""
    with cloud(options, progress) as running:
        trust = ssl.create_default_context(cafile=running.aws.ca_bundle)
        with httpx.Client(verify=trust, trust_env=False, timeout=30) as http:
            yield Stack(running, http)


def in_words(report: Report) -> list[str]:
    """The findings of an audit, a line each."""
    return [f"{each.rule}: {each.user} {each.generation or ''}: {each.detail}" for each in report.findings]
