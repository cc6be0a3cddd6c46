"""Renders beside the event loop, on threads of its own: a hundred portraits in the queue must not keep Azure's stand-in
from looking at a photo.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

from local.stand_ins import portraits, subjects
from local.stand_ins.control import Control
from local.stand_ins.predictions import Prediction

type Key = tuple[bytes, str, str, str]


class Renderer:
    """All the portraits of this run; where the rules say so, it remembers them."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._threads = ThreadPoolExecutor(os.cpu_count())
        self._remembered: dict[Key, portraits.Portrait] = {}

    async def render(self, photo: bytes | None, prediction: Prediction) -> portraits.Portrait:
        """The prediction's portrait. Raises `OSError` or `ValueError` when the photo can't be read."""
        shown = subjects.subject(prediction.outcome)
        key = (sha256(photo or b"").digest(), prediction.model, str(prediction.input.get("prompt")), shown)
        if self._control.faults.replicate.remember and key in self._remembered:
            return self._remembered[key]
        given = (shown, photo, prediction.model, prediction.input, prediction.rng)
        portrait = await asyncio.get_running_loop().run_in_executor(self._threads, subjects.render, *given)
        if self._control.faults.replicate.remember:
            self._remembered[key] = portrait
        return portrait

    def close(self) -> None:
        """Render no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
