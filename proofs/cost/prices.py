"""The price sheet and the waits, each a file of its own with a source beside each number."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from proofs.cost.calls import Call

PRICES = Path(__file__).with_name("prices.toml")
WAITS = Path(__file__).with_name("waits.toml")


class Price(BaseModel):
    """USD a ``unit``; ``read``: when; ``usage``: the price list's name for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usd: float
    unit: str
    source: str
    read: str
    usage: str | None = None
    note: str | None = None


class Sheet(NamedTuple):
    region: str
    date: str
    prices: Mapping[str, Price]

    @classmethod
    def read(cls, file: Path = PRICES) -> "Sheet":
        sheet = tomllib.loads(file.read_text())
        region, date = sheet.pop("region"), sheet.pop("date")
        return cls(region, date, {name: Price.model_validate(price) for name, price in sheet.items()})

    def usd(self, name: str) -> float:
        return self.prices[name].usd


class Wait(BaseModel):
    """Milliseconds, and where the figure is from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ms: float
    source: str


class Waits(BaseModel):
    """How long calls take: to AWS by kind, to providers by the route that makes them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aws: dict[str, Wait]
    providers: dict[str, Wait]

    @classmethod
    def read(cls, file: Path = WAITS) -> "Waits":
        return cls.model_validate(tomllib.loads(file.read_text()))

    def of_call(self, call: Call) -> float:
        """Milliseconds that the function which makes it waits; none for one that was presigned."""
        if call.presigned:
            return 0.0
        if call.service != "dynamodb":
            return self.aws[call.service].ms
        kind = "transaction" if call.operation.startswith("Transact") else "write" if call.write_units else "read"
        return self.aws[f"dynamodb {kind}"].ms

    def of_provider(self, function: str, route: str | None) -> float:
        found = self.providers.get(route or function)
        return found.ms if found else 0.0
