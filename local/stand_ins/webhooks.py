"""Calls webhooks as Replicate does: signed (Standard Webhooks), and again until they are accepted.

Source: https://replicate.com/docs/topics/webhooks and https://www.standardwebhooks.com
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field

import httpx

from local.stand_ins.control import Control
from local.stand_ins.faults import WebhookFault, take


@dataclass
class Message:
    """One event on its way; ``answers`` are the status codes of the attempts so far, 0 for no answer."""

    url: str
    body: bytes
    terminal: bool
    id: str = field(default_factory=lambda: f"msg_{secrets.token_urlsafe(20)}")
    answers: list[int] = field(default_factory=list)


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The ``webhook-signature`` header's value; ``secret`` is ``whsec_`` and base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


class Webhooks:
    """Sends messages through the rules of ``/_control``."""

    def __init__(self, client: httpx.AsyncClient, secret: str, control: Control) -> None:
        self._client, self._secret, self._control = client, secret, control
        self._held: list[Message] = []
        self._full = asyncio.Event()

    async def deliver(self, message: Message) -> None:
        """Send one event under the rule that is next; a terminal one again until it is accepted or given up."""
        fault = take(self._control.faults.replicate.webhooks) or WebhookFault()
        if fault.mode == "drop":
            return
        if fault.mode == "reorder":
            await self._reorder(message, fault)
            return
        if fault.mode == "delay":
            await asyncio.sleep(fault.seconds)
        for _ in range(fault.times if fault.mode == "repeat" else 1):
            await self._until_accepted(message, fault)

    async def send(self, message: Message, *, forge: bool = False, timestamp: int | None = None) -> int:
        """Send once, now. Returns the answer's status, 0 without one."""
        sent_at = int(time.time()) if timestamp is None else timestamp
        secret = f"whsec_{base64.b64encode(b'not the secret').decode()}" if forge else self._secret
        headers = {
            "content-type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(sent_at),
            "webhook-signature": sign(secret, message.id, sent_at, message.body),
        }
        try:
            answer = (await self._client.post(message.url, content=message.body, headers=headers)).status_code
        except httpx.HTTPError:
            answer = 0
        message.answers.append(answer)
        self._control.counters["webhooks.sent"] += 1
        self._control.counters[f"webhooks.{answer}"] += 1
        return answer

    async def _until_accepted(self, message: Message, fault: WebhookFault) -> None:
        for delay in (0.0, *(self._control.faults.replicate.retry_delays if message.terminal else ())):
            await asyncio.sleep(delay)
            stale = int(time.time()) - 3600 if fault.mode == "stale" else None
            if 200 <= await self.send(message, forge=fault.mode == "forge", timestamp=stale) < 300:
                return

    async def _reorder(self, message: Message, fault: WebhookFault) -> None:
        """Hold messages until ``times`` have come, or ``seconds`` have passed; then the last goes first."""
        self._held.append(message)
        if len(self._held) >= fault.times:
            self._full.set()
        if len(self._held) > 1:
            return
        if fault.times > 1:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._full.wait(), fault.seconds)
        held, self._held = self._held[::-1], []
        self._full.clear()
        for one in held:
            await self._until_accepted(one, fault)
