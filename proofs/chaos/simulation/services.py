"""The smaller services: Upstash's counter, Azure's faces, the secrets."""

import json
from collections.abc import Callable
from random import Random

from local.simulated.dynamodb import AwsError
from local.simulated.environment import SECRETS
from local.simulated.expressions import Unsupported
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, aws_error, aws_json

NO_FACE, TWO_FACES = 0.02, 0.02  # shares of the photos


class Upstash:
    """The one script that is ever run: count, and begin to expire with the first."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counters: dict[str, tuple[int, float]] = {}

    def __call__(self, sent: Sent) -> Answer:
        command, _script, _keys, key, window = sent.json
        if command != "EVAL":
            raise Unsupported(command)
        now = self._clock()
        hits, ends_at = self._counters.get(key, (0, 0.0))
        if ends_at <= now:
            hits, ends_at = 0, now + int(window)
        self._counters[key] = hits + 1, ends_at
        document = {"result": [hits + 1, round(ends_at - now)]}
        return Answer(200, {"content-type": "application/json"}, json.dumps(document).encode())


class Azure:
    """Finds a face in most photos, sometimes none or two."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def __call__(self, _: Sent) -> Answer:
        drawn = self._random.random()
        count = 0 if drawn < NO_FACE else 2 if drawn < NO_FACE + TWO_FACES else 1
        faces = [
            {"faceRectangle": {"top": 20, "left": 20 + 90 * each, "width": 80, "height": 80}} for each in range(count)
        ]
        return Answer(200, {"content-type": "application/json"}, json.dumps(faces).encode())


def secret_value(sent: Sent) -> Answer:
    """Secrets Manager's GetSecretValue; there was no rotation, so there is no previous value."""
    name, stage = sent.json["SecretId"], sent.json.get("VersionStage", "AWSCURRENT")
    if stage != "AWSCURRENT":
        return aws_error(AwsError("ResourceNotFoundException"))
    version = {"VersionId": f"{name}-1", "CreatedDate": 1.7e9, "VersionStages": [stage]}
    return aws_json({"Name": name, "SecretString": SECRETS[name], **version})
