"""One prediction and its JSON, as ``GET /v1/predictions/{id}`` and the webhooks show it."""

import asyncio
import random
import secrets
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from local.stand_ins.faults import Outcome
from local.stand_ins.webhooks import Message

TERMINAL = frozenset({"succeeded", "failed", "canceled", "aborted"})
_ID_ALPHABET = string.ascii_lowercase + string.digits


def new_id() -> str:
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(26))


@dataclass
class Prediction:
    """``cancel_after`` is in seconds from creation; ``outcome`` is set when it is known how it ends."""

    model: str
    input: dict[str, Any]
    webhook: str | None
    events: frozenset[str]
    cancel_after: float | None = None
    id: str = field(default_factory=new_id)
    status: str = "starting"
    output: str | list[str] | None = None
    error: str | None = None
    logs: str = ""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    started_at: datetime | None = None
    completed_at: datetime | None = None
    outcome: Outcome | None = None
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    messages: list[Message] = field(default_factory=list)

    @property
    def terminal(self) -> bool:
        return self.status in TERMINAL

    @property
    def rng(self) -> random.Random:
        """The same for the same seed and prompt; without a seed, the prediction's own."""
        return random.Random(f"{self.input.get('seed', self.id)}|{self.input['prompt']}")  # noqa: S311

    def finish(self, status: str, *, output: str | list[str] | None = None, error: str | None = None) -> None:
        self.status, self.output, self.error = status, output, error
        self.completed_at = datetime.now(UTC)

    def body(self, base_url: str) -> dict[str, Any]:
        """JSON of the prediction; ``base_url`` is the API's."""
        url = f"{base_url}/v1/predictions/{self.id}"
        result: dict[str, Any] = {
            "id": self.id,
            "model": self.model,
            "version": "hidden",
            "input": self.input,
            "logs": self.logs,
            "output": self.output,
            "data_removed": False,
            "error": self.error,
            "source": "api",
            "status": self.status,
            "created_at": _rfc3339(self.created_at),
            "urls": {
                "cancel": f"{url}/cancel",
                "get": url,
                "stream": f"{base_url}/stream/{self.id}",
                "web": f"{base_url}/p/{self.id}",
            },
        }
        if self.cancel_after is not None:
            result["deadline"] = _rfc3339(self.created_at + timedelta(seconds=self.cancel_after))
        if self.webhook is not None:
            result |= {"webhook": self.webhook, "webhook_events_filter": sorted(self.events)}
        if self.started_at is not None:
            result["started_at"] = _rfc3339(self.started_at)
        if self.completed_at is not None:
            result |= {"completed_at": _rfc3339(self.completed_at), "metrics": self._metrics(self.completed_at)}
        return result

    def _metrics(self, completed_at: datetime) -> dict[str, float]:
        predict = (completed_at - (self.started_at or completed_at)).total_seconds()
        total = (completed_at - self.created_at).total_seconds()
        images = {"image_count": 1} if self.status == "succeeded" else {}
        return {"predict_time": predict, "total_time": total, **images}


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
