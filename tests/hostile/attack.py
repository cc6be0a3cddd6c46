"""One hostile request, and all that must be true of it whatever it was."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from local.simulated.environment import BUCKET, SECRETS, TABLE
from local.simulated.functions import Answer, Context, http_event
from tests.hostile.state import State
from tests.support.conformance import conforms
from tests.support.driver import answer

LAMBDA_RESPONSE_BYTES = 6 * 1024 * 1024  # what is larger fails, and API Gateway makes a 500 of it
# What no stranger may learn from an answer.
INTERNAL = re.compile(r"Traceback|File \"|veil\.|veil/|pydantic|boto|botocore|aws_lambda_powertools|Error\(|arn:aws")
# What no log may hold; `tests/api/test_logs.py` looks for the same on the way of an honest user.
PRIVATE = re.compile(
    r"X-Amz-(Signature|Credential|Security)|Key-Pair-Id|PRIVATE KEY|Bearer |whsec_|v1,[A-Za-z0-9+/]{20}|data:image|eyJ"
)


@dataclass
class Attack:
    """``state`` tells all that there is. `send` asserts that none of it changed; `send_freely` lets it."""

    functions: dict[str, ModuleType]
    state: Callable[[], State]
    log: io.StringIO
    user: str
    before: State = field(init=False)

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> None:
        """What there is now is what must stay."""
        self.before = self.state()

    def send(self, function: str, method: str, path: str, body: object = None, **given: Any) -> Answer:
        """As mallory, unless ``user`` is given; ``raw`` replaces members of the event."""
        got = self.send_freely(function, method, path, body, **given)
        assert self.state() == self.before
        return got

    def send_freely(
        self,
        function: str,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: dict[str, Any] | None = None,
        **given: Any,
    ) -> Answer:
        sent = http_event(method, path, body, **{"user": self.user, **given}) | (raw or {})
        result = self.functions[function].handler(sent, Context())
        self._require_decent(result)
        got = answer(result)
        conforms(method, path, got)
        return got

    def _require_decent(self, result: dict[str, Any]) -> None:
        """No 5xx, nothing that Lambda could not pass on, nothing internal in the answer, nothing private in the log."""
        said = json.dumps(result, ensure_ascii=False).encode()  # as Lambda's runtime writes it
        assert result["statusCode"] < 500, result
        assert len(said) < LAMBDA_RESPONSE_BYTES
        assert not re.search(r"[\r\n]", "".join(result["headers"].values()))
        assert not (found := INTERNAL.search(result["body"])), found
        logged = self.log.getvalue()
        assert '"level":"ERROR"' not in logged, logged[-3000:]
        assert not (found := PRIVATE.search(logged)), found
        for secret in SECRETS.values():
            assert secret not in logged
            assert secret not in said.decode()
        for name in (TABLE, BUCKET):
            assert name not in result["body"] or "X-Amz-Signature" in result["body"]
