"""The options of a deployment: the CDK's context (``-c name=value``, or cdk.json), checked before synthesis."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from infra.function_table import FUNCTIONS
from veil.settings import SettingsError

if TYPE_CHECKING:
    from constructs import Node  # the jsii takes half a second

FIELDS = {name for spec in FUNCTIONS.values() for name in spec.settings.model_fields}
# Settings that the stack makes and nobody may choose. The values are placeholders: with them, a function's other
# settings can be checked before the table or the bucket exists.
MADE_HERE = {"STAGE": "dev", "TABLE_NAME": "table", "BUCKET_NAME": "bucket", "QUEUE_URL": "https://queue.invalid"} | {
    name.upper(): "secret" for name in FIELDS if name.endswith("_secret")
}
DEFAULT_WEBHOOK_URL = {"WEBHOOK_URL": "https://api.invalid"}  # a placeholder, too: by default, the API's own address


class ContextError(Exception):
    """The context is wrong; the message names everything that is."""


def _parsed(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


class Context(BaseModel):
    """The options of one deployment."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    stage: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,15}$")] = "dev"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    system: Literal["linux", "macos"] = "linux"  # AWS's; the local cloud on a Mac runs the functions there
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] = "ap-northeast-2"
    oidc_issuer: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    oidc_audience: str | None = None
    upstash_url: str | None = None
    azure_face_url: str | None = None
    alarm_email: Annotated[str, Field(pattern=r"^\S+@\S+$")] | None = None
    mail_from: Annotated[str, Field(pattern=r"^\S+@\S+$")] | None = None
    webhook_concurrency: Annotated[int, Field(ge=2, le=1000)] | None = None
    check_concurrency: Annotated[int, Field(ge=2, le=1000)] = 5
    metric_math: bool = True
    settings: Annotated[dict[str, str], BeforeValidator(_parsed)] = Field(default_factory=dict)

    @classmethod
    def read(cls, node: "Node") -> Self:
        """Read the context of ``node``; raise `ContextError` naming every value that is wrong."""
        values = {name: node.try_get_context(name) for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in values.items() if value not in (None, "")})
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'context'}: {e['msg']}" for e in error.errors())
            raise ContextError(f"context: {wrong}") from error

    @model_validator(mode="after")
    def _whole_issuer(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("give both oidc_issuer and oidc_audience, or neither")
        return self

    def overrides(self) -> dict[str, str]:
        """The settings that this deployment chooses, by variable; raise `ContextError` naming all that are wrong."""
        named = {"UPSTASH_URL": self.upstash_url, "AZURE_FACE_URL": self.azure_face_url}
        chosen = {name: value for name, value in named.items() if value is not None} | self.settings
        known = {name.upper() for name in FIELDS} - MADE_HERE.keys()
        wrong = [f"settings: {name} is no setting that can be chosen" for name in sorted(chosen.keys() - known)]
        if wrong or (wrong := _refused(chosen)):
            raise ContextError("\n".join([*wrong, """give settings with -c settings='{"NAME": "VALUE"}'"""]))
        return chosen


def _refused(chosen: Mapping[str, str]) -> list[str]:
    """The errors that each function would raise at its start, with these settings."""
    environ = {**DEFAULT_WEBHOOK_URL, **chosen, **MADE_HERE}
    refused = []
    for spec in FUNCTIONS.values():
        try:
            spec.settings.load(environ)
        except SettingsError as error:
            refused.append(f"settings: {error}")
    return refused
