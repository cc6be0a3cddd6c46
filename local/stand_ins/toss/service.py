"""One Toss of a run: on this machine's clock, with its webhooks on their way."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import SystemRandom

from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control
from local.stand_ins.toss.settings import Merchant
from local.stand_ins.toss.toss import Toss
from local.stand_ins.toss.webhooks import Webhooks

TICK_SECONDS = 1.0


class TossService:
    """``ahead`` is what the control plane adds to the clock, in seconds."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._control, self.ahead = control, 0.0
        self.webhooks = Webhooks(config.toss_webhook_url, config.tls(), control, self.now)
        payments = Merchant(config.toss_mid, config.toss_client_key, config.toss_secret_key)
        billing = Merchant(config.toss_billing_mid, config.toss_billing_client_key, config.toss_billing_secret_key)
        self._toss = Toss(
            clock=self.now, random=SystemRandom(), announce=self.webhooks.announce, accounts=(payments, billing)
        )

    def now(self) -> float:
        """Epoch seconds."""
        return time.time() + self.ahead

    @property
    def toss(self) -> Toss:
        """With the switches in force."""
        self._toss.switches = self._control.faults.toss.switches
        return self._toss

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver webhooks and let time pass while the block runs."""
        async with self.webhooks.running():
            ticking = asyncio.create_task(self._tick())
            yield
            ticking.cancel()

    async def _tick(self) -> None:
        while True:
            self.toss.tick()
            await asyncio.sleep(TICK_SECONDS)
