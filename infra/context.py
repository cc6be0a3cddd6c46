"""What a deployment can be told: the CDK's context (``-c name=value``, or cdk.json), checked before synthesis."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from constructs import Node
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from veil.settings import FUNCTIONS, SettingsError

# What the stack itself makes and gives to the functions; nobody else may set it. Values only stand in, so that
# a function's other settings can be checked before there is a table or a bucket.
MADE_HERE = {"STAGE": "dev", "TABLE_NAME": "table", "BUCKET_NAME": "bucket", "QUEUE_URL": "https://queue.invalid"} | {
    name.upper(): "secret" for model in FUNCTIONS.values() for name in model.model_fields if name.endswith("_secret")
}
DEFAULT_WEBHOOK_URL = {"WEBHOOK_URL": "https://api.invalid"}  # the API's own address, which the stack knows later


class ContextError(Exception):
    """The context is wrong; the message names everything that is."""


def _parsed(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


class Context(BaseModel):
    """One deployment, as asked for."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    stage: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,15}$")] = "dev"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] = "ap-northeast-2"
    oidc_issuer: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    oidc_audience: str | None = None
    upstash_url: str | None = None
    azure_face_url: str | None = None
    alarm_email: Annotated[str, Field(pattern=r"^\S+@\S+$")] | None = None
    check_concurrency: Annotated[int, Field(ge=2, le=1000)] = 5
    metric_math: bool = True
    settings: Annotated[dict[str, str], BeforeValidator(_parsed)] = Field(default_factory=dict)

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read the context of ``node``; raise `ContextError` naming what is wrong in it."""
        values = {name: node.try_get_context(name) for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in values.items() if value not in (None, "")})
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'context'}: {e['msg']}" for e in error.errors())
            raise ContextError(f"context: {wrong}") from error

    @model_validator(mode="after")
    def _whole_issuer(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("oidc_issuer and oidc_audience belong together")
        return self

    def overrides(self) -> dict[str, str]:
        """The functions' settings that this deployment chooses, by variable; raise `ContextError` if they are wrong."""
        named = {"UPSTASH_URL": self.upstash_url, "AZURE_FACE_URL": self.azure_face_url}
        chosen = {name: value for name, value in named.items() if value is not None} | self.settings
        known = {name.upper() for model in FUNCTIONS.values() for name in model.model_fields} - MADE_HERE.keys()
        wrong = [f"settings: {name} is no setting that can be chosen" for name in sorted(chosen.keys() - known)]
        if wrong or (wrong := _refused(chosen)):
            raise ContextError("\n".join([*wrong, """give settings with -c settings='{"NAME": "VALUE"}'"""]))
        return chosen


def _refused(chosen: Mapping[str, str]) -> list[str]:
    """What each function would say at its start to these settings."""
    environ = {**DEFAULT_WEBHOOK_URL, **chosen, **MADE_HERE}
    refused = []
    for model in FUNCTIONS.values():
        try:
            model.load(environ)
        except SettingsError as error:
            refused.append(f"settings: {error}")
    return refused
