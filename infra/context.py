"""The options of a deployment, checked before synthesis: the stage's file, and over it ``-c name=value``.

The file is ``stages/NAME.toml``: a line for each option, and a table ``[settings]``. There need not be one.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from infra.function_table import FUNCTIONS
from infra.names import Domain
from veil.domain.image_models import keeps_nobody
from veil.settings import GenerationsSettings, SettingsError

if TYPE_CHECKING:
    from constructs import Node  # the jsii takes half a second

STAGES = Path(__file__).resolve().parent.parent / "stages"
STAGE = r"^[a-z][a-z0-9]{0,15}$"
DOMAIN = r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$"
CERTIFICATE = r"^arn:aws:acm:%s:\d{12}:certificate/\S+$"
OPTION = re.compile(r"[a-z]+(_[a-z]+)*")  # what of the CDK's context is ours: its own names have a dash, a colon, an @

FIELDS = {name for spec in FUNCTIONS.values() for name in spec.settings.model_fields}
# Settings that the stack makes and nobody may choose. The values are placeholders: with them, a function's other
# settings can be checked before the table or the bucket exists.
MADE_HERE = {
    "STAGE": "dev",
    "TABLE_NAME": "table",
    "BUCKET_NAME": "bucket",
    "QUEUE_URL": "https://queue.invalid",
    "MONEY_QUEUE_URL": "https://queue.invalid",
    "MONEY_KEY_ARN": "key",
    "ERASER_QUEUE_URL": "https://queue.invalid",
    "NOTIFY_QUEUE_URL": "https://queue.invalid",
    "DELIVERY_QUEUE_URL": "https://queue.invalid",
    "EVENT_BUS_NAME": "bus",
    "POLL_QUEUE_URL": "https://queue.invalid",
    "USER_POOL_ID": "pool",
    "DISTRIBUTION_ID": "distribution",
} | {name.upper(): "secret" for name in FIELDS if name.endswith("_secret")}
# Placeholders, too, of what may be chosen: by default, the addresses of the API and of the edge.
DEFAULT_URLS = {"WEBHOOK_URL": "https://api.invalid", "WEB_URL": "https://edge.invalid"}


class ContextError(Exception):
    """The context is wrong; the message names everything that is."""


def _written(file: Path | None) -> dict[str, Any]:
    """What a stage's file says; nothing where there is none."""
    try:
        values = {} if file is None else tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ContextError(f"{file} can't be read: {error}") from error
    if "stage" in values:
        raise ContextError(f"{file}: the file's name is the stage; take 'stage' out of it")
    if not isinstance(values.get("settings", {}), dict):
        raise ContextError(f"{file}: settings is a table: [settings], and a line NAME = VALUE for each")
    return values


def _over(file: Mapping[str, Any], given: Mapping[str, object]) -> dict[str, object]:
    """The one over the other, setting by setting, too; what is no table of settings is left for the check."""
    merged = {**file, **given}
    try:
        chosen = _parsed(given.get("settings") or {})
    except ValueError:
        return merged
    if isinstance(chosen, dict):
        merged["settings"] = file.get("settings", {}) | chosen
    return merged


def _in_words(error: Mapping[str, Any]) -> str:
    name = ".".join(map(str, error["loc"])) or "context"
    known = f"no such option; there are {', '.join(Context.model_fields)}"
    return f"{name}: {known if error['type'] == 'extra_forbidden' else error['msg']}"


def _parsed(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value


class Context(BaseModel):
    """The options of one deployment."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True, extra="forbid")

    stage: Annotated[str, Field(pattern=STAGE)] = "dev"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    system: Literal["linux", "macos"] = "linux"  # AWS's; the local cloud on a Mac runs the functions there
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")] = "ap-northeast-2"
    oidc_issuer: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    oidc_audience: Annotated[str, Field(pattern=r"^[^,\s]+( *, *[^,\s]+)*$")] | None = None
    kakao_client_id: str | None = None
    naver_client_id: str | None = None
    apple_client_id: str | None = None
    apple_team_id: str | None = None
    apple_key_id: str | None = None
    google_client_id: str | None = None
    app_callback: Annotated[str, Field(pattern=r"^[a-z][a-z0-9+.-]*:/\S+$")] | None = None
    upstash_url: str | None = None
    azure_face_url: str | None = None
    comfy_url: str | None = None
    toss_client_key: str | None = None
    toss_billing_client_key: str | None = None
    prices: str | None = None
    events_url: str | None = None
    alarm_email: Annotated[str, Field(pattern=r"^\S+@\S+$")] | None = None
    morning_email: Annotated[str, Field(pattern=r"^\S+@\S+$")] | None = None  # None: alarm_email
    runbooks_url: Annotated[str, Field(pattern=r"^\S*[^\s/]$")] = "docs/runbooks"  # where the alarms' pages are read
    spend_hourly_usd: Annotated[float, Field(gt=0)] = 20  # at the providers of models, from which an alarm is raised
    spend_daily_usd: Annotated[float, Field(gt=0)] = 100
    krw_per_usd: Annotated[float, Field(gt=0)] = 1450  # for the dashboard's margin
    budget_usd: Annotated[float, Field(gt=0)] | None = None  # a month, of the whole account
    mail_from: Annotated[str, Field(pattern=r"^\S+@\S+$")] | None = None
    webhook_concurrency: Annotated[int, Field(ge=2, le=1000)] | None = None
    check_concurrency: Annotated[int, Field(ge=2, le=1000)] = 5
    own_model: Literal["spot", "on-demand"] | None = None
    own_model_hours: Annotated[str, Field(pattern=r"^(always|([01]?\d|2[0-3])-([01]?\d|2[0-4]))$")] = "9-1"
    metric_math: bool = True
    saved_queries: bool = True
    web_domain: Annotated[str, Field(pattern=DOMAIN)] | None = None
    web_certificate: Annotated[str, Field(pattern=CERTIFICATE % "us-east-1")] | None = None
    api_domain: Annotated[str, Field(pattern=DOMAIN)] | None = None
    api_certificate: Annotated[str, Field(pattern=CERTIFICATE % "[a-z0-9-]+")] | None = None
    delivery_key: Annotated[int, Field(ge=1)] = 1
    api_origin: Annotated[str, Field(pattern=r"^https?://[^/\s]+$")] | None = None  # of the local cloud's API
    settings: Annotated[dict[str, str], BeforeValidator(_parsed)] = Field(default_factory=dict)

    @classmethod
    def read(cls, node: "Node", stages: Path | None = None) -> Self:
        """Read the context of ``node``, over its stage's file in ``stages``; raise `ContextError` as `of` does."""
        given = node.get_all_context()
        return cls.of({name: value for name, value in given.items() if OPTION.fullmatch(name)}, stages)

    @classmethod
    def of(cls, given: Mapping[str, object], stages: Path | None = None) -> Self:
        """``given`` over what the stage's file in ``stages`` says; an empty text takes an option away.

        Raises `ContextError` naming every option that is wrong or unknown.
        """
        stage = given.get("stage", cls.model_fields["stage"].default)
        file = None if stages is None or not re.match(STAGE, str(stage)) else stages / f"{stage}.toml"
        values = _over(_written(file), given)
        try:
            return cls.model_validate({name: value for name, value in values.items() if value not in (None, "")})
        except ValidationError as error:
            where = f"context, with {file}" if file and file.exists() else "context"
            raise ContextError(f"{where}: {'; '.join(map(_in_words, error.errors()))}") from error

    @model_validator(mode="after")
    def _stack_of_its_own(self) -> Self:
        if self.stage == "pipeline":
            raise ValueError("veil-pipeline is the stack of the pipeline's roles: call the stage something else")
        return self

    @model_validator(mode="after")
    def _whole_issuer(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("give both oidc_issuer and oidc_audience, or neither")
        return self

    @model_validator(mode="after")
    def _told_of_money(self) -> Self:
        if self.budget_usd is not None and self.alarm_email is None:
            raise ValueError("budget_usd needs alarm_email: without it nobody is told")
        return self

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if (between := self.own_model_between) and between[0] % 24 == between[1] % 24:
            raise ValueError("own_model_hours has no hour in it; 'always' is the whole day")
        return self

    @model_validator(mode="after")
    def _whole_providers(self) -> Self:
        of_apple = (self.apple_client_id, self.apple_team_id, self.apple_key_id)
        if any(of_apple) and not all(of_apple):
            raise ValueError("give all of apple_client_id, apple_team_id and apple_key_id, or none")
        if self.oidc_issuer and (self.identity_providers or self.app_callback):
            raise ValueError(
                "identity providers and app_callback are of the stack's own user pool: not with oidc_issuer"
            )
        return self

    @property
    def own_model_between(self) -> tuple[int, int] | None:
        """The hours of Seoul at which a machine of one's own starts and ends each day; None where it never ends."""
        if self.own_model_hours == "always":
            return None
        start, end = map(int, self.own_model_hours.split("-"))
        return start, end

    @property
    def audiences(self) -> tuple[str, ...]:
        """Whom the tokens of one's own issuer are for, the web client first."""
        return tuple(part.strip() for part in (self.oidc_audience or "").split(",") if part.strip())

    @property
    def identity_providers(self) -> dict[str, str]:
        """The client ids of those that people can sign in with, in the order in which they are shown."""
        known = {name: getattr(self, f"{name}_client_id") for name in ("kakao", "naver", "apple", "google")}
        return {name: client for name, client in known.items() if client}

    @model_validator(mode="after")
    def _whole_domains(self) -> Self:
        for domain, certificate in (("web_domain", "web_certificate"), ("api_domain", "api_certificate")):
            if (getattr(self, domain) is None) != (getattr(self, certificate) is None):
                raise ValueError(f"give both {domain} and {certificate}, or neither")
        if self.api_certificate and self.api_certificate.split(":")[3] != self.region:
            raise ValueError(f"api_certificate has to be in {self.region}")
        return self

    @property
    def web(self) -> Domain | None:
        """Of the edge."""
        return Domain(self.web_domain, self.web_certificate) if self.web_domain and self.web_certificate else None

    @property
    def api(self) -> Domain | None:
        """Of the API."""
        return Domain(self.api_domain, self.api_certificate) if self.api_domain and self.api_certificate else None

    def overrides(self) -> dict[str, str]:
        """The settings that this deployment chooses, by variable; raise `ContextError` naming all that are wrong."""
        named = {
            "UPSTASH_URL": self.upstash_url,
            "AZURE_FACE_URL": self.azure_face_url,
            "COMFY_URL": self.comfy_url,
            "TOSS_CLIENT_KEY": self.toss_client_key,
            "TOSS_BILLING_CLIENT_KEY": self.toss_billing_client_key,
            "PRICES": self.prices,
            "EVENTS_URL": self.events_url,
        }
        chosen = {name: value for name, value in named.items() if value is not None} | self.settings
        known = {name.upper() for name in FIELDS} - MADE_HERE.keys()
        wrong = [f"settings: {name} is no setting that can be chosen" for name in sorted(chosen.keys() - known)]
        if wrong or (wrong := _refused(chosen)):
            raise ContextError(
                "\n".join([*wrong, """give settings in the stage's file, or with -c settings='{"NAME": "VALUE"}'"""])
            )
        return chosen

    def notes(self) -> list[str]:
        """What is no mistake by itself, and what a team should know; raise `ContextError` as `overrides` does."""
        chosen = GenerationsSettings.load({**DEFAULT_URLS, **self.overrides(), **MADE_HERE})
        return list(_in_notes(chosen.models))


def _in_notes(models: Sequence[str]) -> Iterator[str]:
    if strangers := keeps_nobody(models):
        when = "the first attempt at every image" if models[0] in strangers else "an attempt"
        yield (
            f"MODELS: {', '.join(strangers)} does not keep the person on the photo, so {when} can show anyone. "
            "docs/decisions/image-models.md has the models that do."
        )


def _refused(chosen: Mapping[str, str]) -> list[str]:
    """The errors that each function would raise at its start, with these settings."""
    environ = {**DEFAULT_URLS, **chosen, **MADE_HERE}
    refused = []
    for spec in FUNCTIONS.values():
        try:
            spec.settings.load(environ)
        except SettingsError as error:
            refused.append(f"settings: {error}")
    return refused
