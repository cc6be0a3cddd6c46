"""Where the benchmarks of single requests run: services that answer at once, and events for the functions."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from local.cloud.ports import HOST, listen
from local.processes import Child, clean_environment
from local.simulated.environment import SIGNING_SECRET, TABLE
from local.simulated.functions import http_event
from operations.visit import ULID
from proofs.bench.deployed import environment, stock
from proofs.bench.worker import PROGRAMS, Worker, calling, working
from proofs.chaos.simulation.replicate import signed
from proofs.chaos.simulation.services import TOKENS
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import to_item
from veil.domain.consents import Consent, ConsentKind, latest
from veil.domain.ids import new_id
from veil.domain.image_models import CATALOGUE, DEFAULT_CHAIN
from veil.domain.uploads import Upload, UploadStatus

USER = "bench"
READY_SECONDS = 60
MODEL = CATALOGUE[DEFAULT_CHAIN[0]]

type Event = dict[str, Any]


class Scene:
    """The services at ``url``, with one user who has agreed, has plenty of credits, and one photo that is ready."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.url = url
        self._http = stack.enter_context(httpx.Client(base_url=url, trust_env=False))
        self._numbers, now = count(), time()
        self.upload = new_id(now)
        upload = Upload(USER, self.upload, "image/jpeg", 1000, now, status=UploadStatus.READY, width=768, height=1024)
        self._put(to_item({**items.upload_to_item(upload), "width": 768, "height": 1024}))
        self._put({**items.key(USER, items.CREDITS), "available": {"N": "1000000"}})
        agreed = Consent(ConsentKind.THIRD_PARTY_AI, new_id(now), latest(ConsentKind.THIRD_PARTY_AI), True, now)
        self._put({**items.key(USER, items.CONSENTS), **to_item({agreed.kind: items.consent_to_map(agreed)})})
        # By kind of event: the requests, and the idempotency key or generation that they are about.
        self._recorded: dict[str, tuple[str, str]] = {}
        self._generations = stack.enter_context(working(calling("ours", "handle"), self.environment("generations")))
        self._record()

    def environment(self, function: str | None) -> dict[str, str]:
        """Of a process of a function as deployed, with its settings; without one, of a bare script."""
        more = {"AWS_ENDPOINT_URL": self.url, "REPLICATE_URL": self.url, "UPSTASH_URL": f"{self.url}/upstash",
                "OUTPUT_ORIGINS": self.url, "RATE_LIMIT_MAX": "1000000", "MAX_OUTPUT_BYTES": "20971520"}  # fmt: skip
        if function is None:
            return stock(PROGRAMS, **more)
        return environment(function, PROGRAMS, **more)

    def _record(self) -> None:
        """Learn the functions' own requests to DynamoDB: the bare script sends the same, with other ids."""
        self._learn(self._generations, "generate", "bench-recorded", self._request("bench-recorded"))
        with working(calling("ours", "handle"), self.environment("webhook")) as ours:
            for event in self.webhooks(4):
                ref = TOKENS.unseal(event["rawPath"].rpartition("/")[2])
                self._learn(ours, f"store {ref.index}", ref.generation_id, event)

    def _learn(self, worker: Worker, kind: str, name: str, event: Event) -> None:
        self._taken()
        worker.ask([event])
        requests = self._taken()["dynamodb"]
        for request in requests:
            request.pop("ClientRequestToken", None)
        self._recorded[kind] = json.dumps(requests), name

    def _recorded_about(self, kind: str, name: str) -> Any:
        """The recorded requests about another idempotency key or generation."""
        if kind not in self._recorded:  # while they are being learnt
            return []
        text, recorded = self._recorded[kind]
        fresh = defaultdict(lambda: new_id(time()), {kept: kept for kept in (self.upload, name)})
        return json.loads(ULID.sub(lambda found: fresh[found[0]], text.replace(recorded, name)))

    def calls(self) -> list[str]:
        """The names of the calls to the services since the last call of this."""
        return list(self._taken()["calls"])

    def _taken(self) -> Any:
        return self._http.get("/_calls").json()

    def requests(self, many: int) -> list[Event]:
        """So many `POST /generations`, each with a key of its own."""
        return [self._request(f"bench-{next(self._numbers)}") for _ in range(many)]

    def _request(self, key: str) -> Event:
        body, headers = {"upload_id": self.upload, "style": "classic"}, {"idempotency-key": key}
        event = http_event("POST", "/generations", body, user=USER, headers=headers)
        return {**event, "recorded": self._recorded_about("generate", key)}

    def webhooks(self, many: int) -> list[Event]:
        """So many signed callbacks, each of a running image; a generation has four."""
        self._taken()
        self._generations.ask(self.requests(many // 4))
        return [self._webhook(**each) for each in self._taken()["predictions"]]

    def _webhook(self, prediction: str, webhook: str) -> Event:
        path = urlsplit(webhook).path
        ref = TOKENS.unseal(path.rpartition("/")[2])
        output = f"{self.url}/outputs/{prediction}.jpg"
        body = json.dumps({"id": prediction, "status": "succeeded", "output": output})
        event = http_event("POST", path, body, headers=signed(SIGNING_SECRET, "msg_1", body.encode(), time()))
        return {**event, "recorded": self._recorded_about(f"store {ref.index}", ref.generation_id)}

    def _put(self, item: dict[str, Any]) -> None:
        headers = {"x-amz-target": "DynamoDB_20120810.PutItem"}
        self._http.post("/", headers=headers, json={"TableName": TABLE, "Item": item}).raise_for_status()


@contextmanager
def scene(logs: Path) -> Iterator[Scene]:
    """The services in a process of their own, while the block runs."""
    with listen(0) as listener, ExitStack() as stack:
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        command = [sys.executable, "-m", "proofs.bench.services", listener.fileno()]
        log, sockets = logs / "services.log", [listener.fileno()]
        with Child("the services", command, env=clean_environment(), log=log, pass_fds=sockets) as child:
            ready = partial(httpx.get, f"{url}/_calls", trust_env=False, timeout=READY_SECONDS)
            child.wait_until(lambda: ready().is_success, READY_SECONDS)
            yield Scene(url, stack)
