"""The key service, which opens only what it sealed for the same user, and the queue of the charger."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import md5
from random import Random
from typing import Any

from infra.function_table import FUNCTIONS
from infra.times import MONEY_RECEIVES, MONEY_VISIBILITY_SECONDS
from local.simulated.dynamodb import AwsError
from local.simulated.expressions import Unsupported
from local.simulated.functions import message_event
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, aws_error, aws_json
from proofs.chaos.simulation.process import CURRENT
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.services import TWICE
from proofs.chaos.simulation.weather import Weather


class Kms:
    """Encrypt and Decrypt with a context, for the functions that may."""

    def __init__(self, score: Score) -> None:
        self._score = score

    def __call__(self, sent: Sent) -> Answer:
        process, asked = CURRENT.get(), sent.json
        if process and sent.operation not in FUNCTIONS[process.function].money_key:
            self._score.violation(f"{process.function} may not {sent.operation}")
        if sent.operation == "Encrypt":
            sealed = json.dumps([asked["KeyId"], asked["EncryptionContext"], asked["Plaintext"]])
            return aws_json({"KeyId": asked["KeyId"], "CiphertextBlob": _turned(sealed.encode())})
        if sent.operation != "Decrypt":
            raise Unsupported(sent.operation)
        key, context, text = json.loads(b64decode(b64decode(asked["CiphertextBlob"])[::-1]))
        if (key, context) != (asked["KeyId"], asked["EncryptionContext"]):
            return aws_error(AwsError("InvalidCiphertextException"))
        return aws_json({"KeyId": key, "Plaintext": text})


def _turned(text: bytes) -> str:
    """Backwards, so that no log that shows it shows what is in it."""
    return b64encode(b64encode(text)[::-1]).decode()


class MoneyQueue:
    """Tells the charger, or another ``function`` whose work comes from the work list: at least once, sometimes late,
    again after a crash, and three times at most. ``serve`` answers whether a function came to its end.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        random: Random,
        weather: Weather,
        score: Score,
        serve: Callable[[str, dict[str, Any]], bool],
        *,
        function: str = "charger",
    ) -> None:
        self._scheduler, self._random, self._weather, self._score = scheduler, random, weather, score
        self._serve, self._function = serve, function

    def send(self, sent: Sent) -> Answer:
        """SendMessage."""
        body = sent.json["MessageBody"]
        late = self._weather.draw("message", ["late"])
        for _ in range(2 if self._random.random() < TWICE else 1):
            seconds = self._random.uniform(60, 1200) if late else self._random.uniform(0.02, 2)
            self._scheduler.after(seconds, lambda: self._deliver(body, 1))
        digest = md5(body.encode(), usedforsecurity=False).hexdigest()
        return aws_json({"MessageId": f"message {digest}", "MD5OfMessageBody": digest})

    def _deliver(self, body: str, receives: int) -> None:
        if receives > MONEY_RECEIVES:
            self._score.ends[f"messages to the {self._function} given up"] += 1
            return
        if not self._serve(self._function, message_event(body, receives)):
            self._scheduler.after(MONEY_VISIBILITY_SECONDS, lambda: self._deliver(body, receives + 1))
