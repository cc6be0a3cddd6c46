"""What is installed on the machine, as `pins.toml` has it."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("pins.toml")
SYSTEM_GB, PACKAGES_GB, SPARE_GB = 40, 15, 10  # the image of AWS fills most of its 40; CUDA's packages are large


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Strict):
    """A release, by the hash of its commit; packages are those that PyPI had until a day (ISO)."""

    version: str
    repository: Annotated[str, Field(pattern=r"^https://")]
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    packages_until: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Tool(_Strict):
    version: str


class Weight(_Strict):
    """One file of weights; ``file`` is where it goes below ComfyUI's ``models``."""

    file: Annotated[str, Field(pattern=r"^[a-z_]+/[\w.-]+\.safetensors$")]
    url: Annotated[str, Field(pattern=r"^https://huggingface\.co/[\w./-]+/resolve/[0-9a-f]{40}/")]
    bytes: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    licence: Literal["Apache-2.0", "MIT"]  # those under which it may be used for money


class Pins(_Strict):
    comfyui: Source
    uv: Tool
    weights: Annotated[tuple[Weight, ...], Field(min_length=1)]

    @classmethod
    def read(cls) -> "Pins":
        return cls.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))

    @property
    def disk_gb(self) -> int:
        """What the machine's disk has to hold."""
        weights = sum(weight.bytes for weight in self.weights)
        return SYSTEM_GB + PACKAGES_GB + -(-weights // 10**9) + SPARE_GB
