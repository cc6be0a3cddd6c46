"""Calls the merchant's webhook as Toss does: not signed, and again until the answer is 200.

Source: https://docs.tosspayments.com/reference/using-api/webhook-events
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

import httpx

from local.stand_ins.control import Control
from local.stand_ins.faults import TossWebhookFault, take
from local.stand_ins.toss.words import stamp

PATIENCE_SECONDS = 10


def _new_id() -> str:
    return f"whtrans_{secrets.token_hex(12)}"


@dataclass
class Message:
    """One event on its way. ``answers`` are the statuses of the attempts, 0 for none; ``tried`` once it may be late."""

    event: dict[str, Any]
    id: str = field(default_factory=_new_id)
    answers: list[int] = field(default_factory=list)
    tried: asyncio.Event = field(default_factory=asyncio.Event)


class Webhooks:
    """Sends messages to ``url`` through the rules of ``/_control``; nothing is sent while there is no url.

    Toss resends after 1, 4, 16, 64, 256, 1024 and 4096 minutes; the rules' own delays are seconds.
    """

    def __init__(self, url: str | None, tls: SSLContext, control: Control, now: Callable[[], float]) -> None:
        self.url, self.messages = url, list[Message]()
        self._tls, self._control, self._now = tls, control, now
        self._held: list[Message] = []
        self._full = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver while the block runs."""
        options: dict[str, Any] = {"verify": self._tls, "trust_env": False, "timeout": PATIENCE_SECONDS}
        async with httpx.AsyncClient(**options) as self._client:
            yield
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def announce(self, event: dict[str, Any]) -> None:
        """Take an event in, and start to deliver it."""
        message = Message(event)
        self.messages.append(message)
        task = asyncio.create_task(self._deliver(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def send(self, message: Message) -> int:
        """Send once, now. Returns the answer's status, 0 without one."""
        if message.answers and not self._control.faults.toss.switches.resend_keeps_id:
            message.id = _new_id()
        headers = {
            "content-type": "application/json; charset=utf-8",
            "tosspayments-webhook-transmission-id": message.id,
            "tosspayments-webhook-transmission-time": stamp(self._now()),
            "tosspayments-webhook-transmission-retried-count": str(len(message.answers)),
        }
        answer = 0
        if self.url:
            body = json.dumps(message.event, ensure_ascii=False).encode()
            with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
                answer = (await self._client.post(self.url, content=body, headers=headers)).status_code
        message.answers.append(answer)
        self._control.counters["toss.webhooks.sent"] += 1
        self._control.counters[f"toss.webhooks.{answer}"] += 1
        return answer

    async def _deliver(self, message: Message) -> None:
        fault = take(self._control.faults.toss.webhooks) or TossWebhookFault()
        if fault.mode in {"drop", "delay", "reorder"} or not self.url:
            message.tried.set()
        if fault.mode == "drop" or not self.url:
            return
        if fault.mode == "reorder":
            await self._reorder(message, fault)
            return
        if fault.mode == "delay":
            await asyncio.sleep(fault.seconds)
        for _ in range(fault.times if fault.mode == "repeat" else 1):
            await self._until_accepted(message)

    async def _until_accepted(self, message: Message) -> None:
        for delay in (0.0, *self._control.faults.toss.retry_delays):
            await asyncio.sleep(delay)
            answer = await self.send(message)
            message.tried.set()
            if answer == 200:
                return

    async def _reorder(self, message: Message, fault: TossWebhookFault) -> None:
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
            await self._until_accepted(one)
