"""How the stand-in of ComfyUI misbehaves."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from local.stand_ins.rules import Rule, Seconds

JobKind = Literal[
    "succeeded",
    "out_of_memory",
    "stuck",  # runs until it is cancelled, or ComfyUI restarts
    "truncated_output",  # the first half of the file
    "stranger",  # a good image, of another person
    "two_people",  # of the person and another one
    "no_face",  # of nobody
]


class PromptFault(BaseModel):
    """What happens to ``POST /prompt``: ``lost`` is a job that was taken, and whose answer never comes."""

    model_config = ConfigDict(extra="forbid")

    status: Literal[500, 502, 503] | None = None
    hang: Seconds = 0
    lost: bool = False


def _short(value: object) -> object:
    """``"lost"``, or a status."""
    return {"lost": True} if value == "lost" else {"status": value} if isinstance(value, int) else value


class ComfyFaults(BaseModel):
    """ComfyUI's speed and faults; one job runs at a time."""

    model_config = ConfigDict(extra="forbid")

    latency: Seconds = Field(0.3, description="Of one job, at the least.")
    prompt: Rule[Annotated[PromptFault, BeforeValidator(_short)]] = None
    outcome: Rule[JobKind] = None
    missing_weights: bool = Field(False, description="It has no model files, as after an update that went wrong.")
