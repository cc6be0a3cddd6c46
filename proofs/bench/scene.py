"""What the benchmarks of single requests take place in: services that answer at once, and events for the functions."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import time
from typing import Any

import httpx
from standardwebhooks import Webhook

from local.cloud.ports import HOST, listen
from local.processes import Child, clean_environment
from local.simulated.environment import SECRETS, SIGNING_SECRET, TABLE
from local.simulated.fixed_secret import FixedSecret
from local.simulated.functions import http_event
from proofs.bench.deployed import environment, stock
from proofs.bench.worker import PROGRAMS
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number, to_item
from veil.adapters.tokens import SealedTokens
from veil.domain.generation import Attempt, Generation, Image, ImageStatus
from veil.domain.ids import new_id
from veil.domain.image_models import CATALOGUE
from veil.domain.ports import AttemptRef
from veil.domain.uploads import Upload, UploadStatus

USER = "bench"
MODEL = CATALOGUE["black-forest-labs/flux-1.1-pro"]
READY_SECONDS = 20

type Event = dict[str, Any]


class Scene:
    """The services at ``url``, with one user who has plenty of credits and one photo that is ready."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, trust_env=False)
        self._webhooks, self._numbers = Webhook(SIGNING_SECRET), count()
        self._tokens = SealedTokens(FixedSecret(SECRETS["webhook-token-key"]))
        now = time()
        self.upload = new_id(now)
        upload = Upload(USER, self.upload, "image/jpeg", 1000, now, status=UploadStatus.READY, width=768, height=1024)
        self._put(to_item({**items.upload_to_item(upload), "width": 768, "height": 1024}))
        self._put({**items.key(USER, items.CREDITS), "available": {"N": "1000000"}})

    def environment(self, function: str | None) -> dict[str, str]:
        """Of a process of a function as deployed, with its settings; without one, of a bare script."""
        more = {"AWS_ENDPOINT_URL": self.url, "REPLICATE_URL": self.url, "UPSTASH_URL": f"{self.url}/upstash",
                "OUTPUT_ORIGINS": self.url, "RATE_LIMIT_MAX": "1000000", "MAX_OUTPUT_BYTES": "20971520"}  # fmt: skip
        if function is None:
            return stock(PROGRAMS, **more)
        return environment(function, PROGRAMS, **more)

    def calls(self) -> list[str]:
        """What was called since this was last asked."""
        return list(self._http.get("/_calls").json())

    def requests(self, many: int) -> list[Event]:
        """As many `POST /generations`, each with a key of its own."""
        body = json.dumps({"upload_id": self.upload, "style": "classic"})
        keys = [f"bench-{next(self._numbers)}" for _ in range(many)]
        return [
            http_event("POST", "/generations", body=body, user=USER, headers={"idempotency-key": key}) for key in keys
        ]

    def webhooks(self, many: int) -> list[Event]:
        """As many signed callbacks, each of an image that runs; a generation has four."""
        return [self._webhook(image) for _ in range(many // 4) for image in self._running()]

    def _running(self) -> list[AttemptRef]:
        """The images of a new generation, each with a prediction."""
        now = time()
        images = tuple(Image(index, ImageStatus.RUNNING) for index in range(4))
        made = Generation(USER, new_id(now), "classic", MODEL.name, self.upload, now, images, 1, due_at=now + 90)
        item = items.generation_to_item(made)
        for index, image in item["images"].items():
            attempt = Attempt(MODEL.provider, MODEL.name, MODEL.price, f"p{index}")
            image |= {"started_at": number(now), "attempts": {"1": items.attempt_to_map(attempt)}}
        self._put(to_item(item))
        return [AttemptRef(USER, made.id, image.index, image.attempt) for image in images]

    def _webhook(self, image: AttemptRef) -> Event:
        told = {"id": f"p{image.index}", "status": "succeeded", "output": f"{self.url}/outputs/{image.index}.jpg"}
        body, moment = json.dumps(told), datetime.now(UTC)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self._webhooks.sign("msg_1", moment, body),
        }
        event = http_event("POST", f"/webhooks/replicate/{self._tokens.seal(image)}", body=body, headers=headers)
        generation = items.generation_sort(image.generation_id)
        return {**event, "bare": {"pk": f"USER#{image.user}", "sk": generation, "index": image.index}}

    def _put(self, item: dict[str, Any]) -> None:
        headers = {"x-amz-target": "DynamoDB_20120810.PutItem"}
        self._http.post("/", headers=headers, json={"TableName": TABLE, "Item": item}).raise_for_status()


@contextmanager
def scene(logs: Path) -> Iterator[Scene]:
    """The services in a process of their own, while the block runs."""
    with listen(0) as listener:
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        command = [sys.executable, "-m", "proofs.bench.services", listener.fileno()]
        log, sockets = logs / "services.log", [listener.fileno()]
        with Child("the services", command, env=clean_environment(), log=log, pass_fds=sockets) as child:
            child.wait_until(lambda: httpx.get(f"{url}/_calls", trust_env=False).is_success, READY_SECONDS)
            yield Scene(url)
