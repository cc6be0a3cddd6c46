"""The figures, each with its source, as `prices.toml` has them."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("prices.toml")

type Usd = Annotated[float, Field(ge=0)]
type Sure = Literal["read", "assumed"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(_Strict):
    """When it was read (ISO), and how sure it is."""

    read: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    sure: Sure


class _Found(Figure):
    """And where."""

    source: str


class Api(_Found):
    """A model that others run."""

    name: str
    usd_per_image: Usd


class Machine(_Found):
    """One way to have the machine; ``serves``: the share of all images that come in its hours."""

    name: str
    usd_per_hour: Usd
    hours_per_day: Annotated[float, Field(gt=0, le=24)]
    serves: Annotated[float, Field(gt=0, le=1)]


class Beside(Figure):
    """What the machine needs beside itself, for as long as it is there."""

    disk_usd_per_gb: Usd  # a month
    disk_source: str
    address_usd_per_hour: Usd
    address_source: str
    alarms_usd: Usd
    alarms_source: str


class Speed(_Found):
    seconds_per_image: Annotated[float, Field(gt=0)]
    most_busy: Annotated[float, Field(gt=0, le=1)]  # share of its hours in which it can be used


class Sheet(_Strict):
    region: str
    images: Annotated[int, Field(ge=1)]
    api: dict[str, Api]
    machine: dict[str, Machine]
    beside: Beside
    speed: Speed

    @classmethod
    def read(cls, file: Path = FILE) -> "Sheet":
        return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
