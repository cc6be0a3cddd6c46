"""Ports of the use cases over a stage's own clients: those of `veil.adapters` use the process's."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from veil.adapters.aws.client import aws_errors
from veil.domain.ports import Secret, Telemetry, WorkItem, WorkQueue


class StageSecret(Secret):
    """One secret, read when it is first needed."""

    def __init__(self, client: Any, name: str) -> None:
        self.name, self._client, self._value = name, client, ""

    def __call__(self) -> str:
        if not self._value:
            self.renew()
        return self._value

    def renew(self) -> None:
        with aws_errors():
            self._value = str(self._client.get_secret_value(SecretId=self.name)["SecretString"]).strip()

    def honoured(self) -> Iterator[str]:
        yield self()

    def signing(self) -> Sequence[str]:
        return [self()]


class StageQueue(WorkQueue):
    """The charger's queue."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def send(self, item: WorkItem) -> None:
        with aws_errors():
            self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(asdict(item)))


class Spoken(Telemetry):
    """What is done, for the person at the keyboard."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def count(self, name: str, value: float = 1) -> None:
        """Metrics are the deployed functions'."""

    def seconds(self, name: str, value: float) -> None:
        """As `count`."""

    def log(self, message: str, *, user: str | None = None, **ids: object) -> None:
        told = ", ".join(f"{name} {value}" for name, value in ids.items() if value is not None)
        self._say(f"{message}: {told}" if told else message)
