"""What the pipeline's stack is told, and the names that others read back. Nothing here imports the CDK."""

import re
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from infra.context import OPTION, STAGE, ContextError
from infra.names import pascal

if TYPE_CHECKING:
    from constructs import Node

STACK = "veil-pipeline"
ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
AUDITS = "audit"  # the environment of the nightly audit
STAGES = ("dev", "prod")
# The second form is in the tokens of a repository that was made since July 2026.
REPOSITORY = re.compile(r"[A-Za-z0-9-]+(/[\w.-]+|@\d+/[\w.-]+@\d+)")


def role_output(environment: str) -> str:
    """The output of the stack with the role of this environment: ``DevRoleArn``."""
    return f"{pascal(environment)}RoleArn"


def _split(value: object) -> object:
    return tuple(value.split(",")) if isinstance(value, str) else value


class PipelineOptions(BaseModel):
    """``existing_provider``: the account has GitHub's identity provider from elsewhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: str
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] = "ap-northeast-2"
    environments: Annotated[
        tuple[Annotated[str, Field(pattern=STAGE)], ...], BeforeValidator(_split), Field(min_length=1)
    ] = STAGES
    existing_provider: bool = False

    @field_validator("repository")
    @classmethod
    def _one_repository(cls, value: str) -> str:
        if not REPOSITORY.fullmatch(value):
            raise ValueError(f"{value!r} is neither OWNER/NAME nor OWNER@ID/NAME@ID")
        return value

    @field_validator("environments")
    @classmethod
    def _stages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if AUDITS in value or len(set(value)) < len(value):
            raise ValueError(f"each stage once, and {AUDITS} is none: it comes by itself")
        return value

    @classmethod
    def read(cls, node: "Node") -> Self:
        """From the context of ``node``; raises `ContextError` naming every option that is wrong."""
        given = node.get_all_context()
        return cls.of({name: value for name, value in given.items() if OPTION.fullmatch(name)})

    @classmethod
    def of(cls, given: dict[str, object]) -> Self:
        """From options by name; raises `ContextError` naming every one that is wrong."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
            raise ContextError(f"pipeline: {'; '.join(wrong)}") from error

    def context(self) -> dict[str, str]:
        """The same as options of the CDK's command line."""
        return {
            "repository": self.repository,
            "region": self.region,
            "environments": ",".join(self.environments),
            "existing_provider": str(self.existing_provider).lower(),
        }
