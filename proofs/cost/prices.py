"""The price sheet and the waits, each a file of its own with a source beside each number."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from proofs.cost.counts import Call

PRICES = Path(__file__).with_name("prices.toml")
WAITS = Path(__file__).with_name("waits.toml")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Strict):
    """USD a ``unit``; ``read``: when; ``usage``: the price list's name for it."""

    usd: float
    unit: str
    source: str
    read: str
    usage: str | None = None
    note: str | None = None


class PriceSheet(_Strict):
    region: str
    date: str
    prices: dict[str, Price]

    @classmethod
    def read(cls) -> "PriceSheet":
        return cls.model_validate(tomllib.loads(PRICES.read_text()))

    def usd(self, name: str) -> float:
        return self.prices[name].usd


class Wait(_Strict):
    """Milliseconds, and where the figure is from."""

    ms: float
    source: str


class Waits(_Strict):
    """How long calls take: to AWS by kind, to providers by the route that makes them; all times ``factor``."""

    aws: dict[str, Wait]
    providers: dict[str, Wait]
    factor: float = 1.0

    @classmethod
    def read(cls) -> "Waits":
        return cls.model_validate(tomllib.loads(WAITS.read_text()))

    def of_call(self, call: Call) -> float:
        """Milliseconds that the function waits which makes this call; 0 for a presigned one."""
        if call.presigned:
            return 0.0
        kind = call.service
        if kind == "dynamodb":
            of = "transaction" if call.operation.startswith("Transact") else "write" if call.write_units else "read"
            kind = f"dynamodb {of}"
        return self.factor * self.aws[kind].ms

    def of_provider(self, function: str, route: str | None) -> float:
        """Milliseconds that an invocation waits for providers."""
        found = self.providers.get(route or function)
        return self.factor * found.ms if found else 0.0
