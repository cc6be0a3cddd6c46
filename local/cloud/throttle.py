"""The throttle of an HTTP API, which the emulator has none of: a bucket of tokens for each route of a stage.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
"""

import re
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Self

from pydantic import BaseModel, Field

STAGE = "AWS::ApiGatewayV2::Stage"
VARIABLE = re.compile(r"\{[^}]+\}")


class Limit(BaseModel):
    """Requests in a second, and at once; by CloudFormation's names."""

    rate: float = Field(alias="ThrottlingRateLimit", gt=0)
    burst: int = Field(alias="ThrottlingBurstLimit", gt=0)


class Limits(BaseModel):
    """Those of a stage: of its routes, by key (``GET /things/{id}``), and of each route without one of its own."""

    default: Limit | None = None
    routes: dict[str, Limit] = Field(default_factory=dict)

    @classmethod
    def of_template(cls, template: Mapping[str, Any]) -> Self:
        """What a CloudFormation template says of its only stage; raises `ValueError` unless it has one."""
        (stage,) = (each["Properties"] for each in template["Resources"].values() if each["Type"] == STAGE)
        return cls(default=stage.get("DefaultRouteSettings"), routes=stage.get("RouteSettings", {}))


class Bucket:
    """Full at first; each request takes a token, and so many come back in a second."""

    def __init__(self, limit: Limit, now: float) -> None:
        self._limit, self._tokens, self._at = limit, float(limit.burst), now

    def take(self, now: float) -> bool:
        """Whether there was a token."""
        self._tokens = min(self._limit.burst, self._tokens + (now - self._at) * self._limit.rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Throttle:
    """Lets requests to a stage through as its limits say; ``clock`` in seconds."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = monotonic) -> None:
        self._limits, self._clock = limits, clock
        keys = sorted(limits.routes, key=_variables_last)
        self._patterns = [(key, re.compile(_pattern(key))) for key in keys]
        self._buckets: dict[str, Bucket] = {}

    def admits(self, method: str, path: str) -> bool:
        """Whether this request may pass now; it takes its token."""
        key = next((key for key, pattern in self._patterns if pattern.fullmatch(f"{method} {path}")), "$default")
        limit = self._limits.routes.get(key, self._limits.default)
        if limit is None:
            return True
        now = self._clock()
        return self._buckets.setdefault(key, Bucket(limit, now)).take(now)


def _pattern(key: str) -> str:
    """A key as a regular expression; a variable is a part of the path."""
    return "[^/]+".join(map(re.escape, VARIABLE.split(key)))


def _variables_last(key: str) -> list[bool]:
    """Of two routes that fit, the one whose parts are literal is meant."""
    return [VARIABLE.search(part) is not None for part in key.split("/")]
