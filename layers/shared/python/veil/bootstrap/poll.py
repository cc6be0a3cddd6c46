"""Wires the poll function."""

from collections.abc import Mapping
from functools import cached_property
from time import time
from typing import Any

from veil.adapters.aws.sqs import attempt_ref
from veil.bootstrap.images import SettleBootstrap
from veil.settings import PollSettings
from veil.use_cases.poll import Poll


class PollBootstrap(SettleBootstrap[PollSettings]):
    def go_on(self, message: Mapping[str, Any]) -> None:
        """Look at the attempt that a message of the queue stands for."""
        self.poll(attempt_ref(message))

    @cached_property
    def poll(self) -> Poll:
        return Poll(
            generations=self.generations,
            ask=self.ask,
            ask_later=self.ask_later,
            policy=self.policy,
            clock=time,
            telemetry=self.telemetry,
        )
