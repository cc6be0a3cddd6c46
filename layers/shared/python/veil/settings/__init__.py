"""Each function's settings: one pydantic model over its environment, read and checked once, at start.

A field's name in upper case is its variable's. The stack gives a function the settings of its model and no others
(`infra/function_table.py`), and a test holds docs/settings.md against the models.
Settings whose name ends in ``_SECRET`` name a secret in Secrets Manager; no secret is ever a plain value.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    model_validator,
)

from veil.domain.consents import NEVER_REQUIRED, ConsentKind
from veil.domain.image_models import CATALOGUE, COMFY, DEFAULT_CHAIN


class SettingsError(Exception):
    """A function's environment is wrong; the message names every wrong variable at once."""


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def blank_is_none(value: object) -> object:
    return None if value == "" else value


def _ascending(ages: tuple[int, ...]) -> tuple[int, ...]:
    if list(ages) != sorted(set(ages)) or ages[-1] > 3300:  # Replicate deletes outputs after an hour
        raise ValueError("has to ascend, to 3300 at the most")
    return ages


def _known_model(name: str) -> str:
    if name not in CATALOGUE:
        raise ValueError(f"not one of {', '.join(CATALOGUE)}")
    return name


def _some_model(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError(f"names no model; give one or more of {', '.join(CATALOGUE)}")
    return names


def _known_port(url: str) -> str:
    urlsplit(url).port  # noqa: B018 - raises ValueError past 65535, and for a host that is none
    return url


def _requirable(kind: ConsentKind) -> ConsentKind:
    if kind in NEVER_REQUIRED:
        raise ValueError(f"{kind} is never required: refusing it must cost nothing")
    return kind


Model = Annotated[str, AfterValidator(_known_model)]
OptionalPrice = Annotated[Decimal | None, BeforeValidator(blank_is_none)]
Url = Annotated[str, Field(pattern=r"^https?://[^/\s]+(/\S*)?$"), AfterValidator(_known_port)]
OptionalText = Annotated[str | None, BeforeValidator(blank_is_none)]
OptionalUrl = Annotated[Url | None, BeforeValidator(blank_is_none)]
Origin = Annotated[str, Field(pattern=r"^https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?$"), AfterValidator(_known_port)]


def _variable(where: tuple[int | str, ...]) -> str:
    return str(where[0]).upper() if where else "SETTINGS"  # of several that do not go together


class StageSettings(BaseModel):
    """What every function takes."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    stage: str = Field("dev", description="Name of this deployment, on each log line and metric.")

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Self:
        """Read this model's fields from ``environ``; raise `SettingsError` naming all that are wrong."""
        values = {name: environ[name.upper()] for name in cls.model_fields if name.upper() in environ}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            wrong = "; ".join(f"{_variable(e['loc'])}: {e['msg']}" for e in error.errors())
            raise SettingsError(f"{cls.__name__}: {wrong}") from None  # the cause would repeat the values


class Settings(StageSettings):
    """What every function takes that serves users."""

    table_name: str = Field(min_length=3, description="The one DynamoDB table.")
    bucket_name: str = Field(min_length=3, description="The one private bucket of photos and images.")
    user_hash_key_secret: str = Field(
        description="Secret with the key under which users' ids are hashed, in the log and for who has left."
    )


class ImageUrlSettings(Settings):
    """What it takes to show images."""

    web_url: Url = Field(description="Base URL of the edge, as people reach it, without a trailing slash.")
    delivery_key_secret: str = Field(description="Secret with the key that signs the URLs of images, and its id.")


class EdgeCacheSettings(Settings):
    """What it takes to make the edge forget images."""

    distribution_id: str = Field(
        min_length=1, description="The CloudFront distribution that keeps images for a minute."
    )


class TellingSettings(Settings):
    """What it takes to have others told."""

    notify_queue_url: Url = Field(description="The queue through which events are handed over.")


class PresigningSettings(Settings):
    presign_endpoint_url: OptionalUrl = Field(
        None, description="Endpoint in presigned URLs instead of S3's own; for the local cloud."
    )


class WelcomeSettings(Settings):
    welcome_credits: Annotated[int, Field(ge=0)] = Field(4, description="Credits that a new account is granted, once.")
    welcome_budget_credits_per_day: Annotated[int, Field(ge=0)] = Field(
        4000,
        description="Credits that all new accounts together are granted in a day of Seoul, at the most; who comes "
        "later gets theirs on a later day. 0: no welcome.",
    )

    @model_validator(mode="after")
    def _one_fits(self) -> Self:
        if 0 < self.welcome_budget_credits_per_day < self.welcome_credits:
            raise ValueError("WELCOME_BUDGET_CREDITS_PER_DAY is too small for one welcome")
        return self


class RateLimitSettings(Settings):
    upstash_url: Url = Field(description="REST URL of the Upstash Redis that holds the rate limits.")
    upstash_token_secret: str = Field(description="Secret with the Upstash REST token.")
    rate_limit_window_seconds: PositiveInt = Field(600, description="Window of the rate limits, in seconds.")


class ConsentSettings(Settings):
    required_consents: Annotated[
        tuple[Annotated[ConsentKind, AfterValidator(_requirable)], ...], BeforeValidator(_split)
    ] = Field(
        (ConsentKind.THIRD_PARTY_AI,),
        description="Consents without which nothing is uploaded or generated, comma-separated. Empty: none, for a team "
        "that asks for them elsewhere.",
    )


class OfferSettings(Settings):
    """What one generation is, and what it costs."""

    credits_per_image: PositiveInt = Field(1, description="Credits that one finished image costs.")
    images_per_generation: Annotated[int, Field(ge=1, le=8)] = Field(4, description="Images in one generation.")

    @property
    def credits_per_generation(self) -> int:
        """What a generation reserves."""
        return self.credits_per_image * self.images_per_generation


class ComfySettings(Settings):
    """What it takes to reach a ComfyUI of one's own."""

    comfy_url: OptionalUrl = Field(
        None,
        description="Base URL of Comfy's API, version 2. None: there is none, and MODELS names none of its models.",
    )
    comfy_token_secret: str = Field(description="Secret with the token that Comfy's API asks for.")


class PredictionSettings(PresigningSettings, ComfySettings, TellingSettings):
    """What it takes to start, ask for and cancel predictions."""

    models: Annotated[tuple[Model, ...], BeforeValidator(_split), AfterValidator(_some_model)] = Field(
        DEFAULT_CHAIN,
        description="The image models, comma-separated: each failed attempt at an image is followed by one with the "
        "next of them, or the last. What each costs, and which keep the person on the photo: "
        "[image-models](decisions/image-models.md).",
    )
    cost_per_prediction: Annotated[OptionalPrice, Field(ge=0)] = Field(
        None, description="What one prediction costs us, in USD, instead of the models' list prices."
    )
    replicate_url: Url = Field("https://api.replicate.com", description="Base URL of Replicate's API.")
    replicate_token_secret: str = Field(description="Secret with the Replicate API token.")
    comfy_queue_max: PositiveInt = Field(
        8, description="Images that may wait and run at ComfyUI; what is more goes to the next of MODELS."
    )
    poll_queue_url: Url = Field(
        description="The queue in which an attempt waits until its provider is asked, where that calls nobody back."
    )
    webhook_url: Url = Field(description="Base URL of this API, as Replicate reaches it.")
    webhook_token_key_secret: str = Field(description="Secret with the key that authenticates webhook tokens.")
    max_attempts: Annotated[int, Field(ge=1, le=5)] = Field(
        3, description="Predictions that may fail for one image before it is refunded."
    )
    prediction_timeout_seconds: Annotated[int, Field(ge=5, le=1200)] = Field(
        240,
        description="Seconds after which Replicate itself gives a prediction up (its Cancel-After). The sweep 300 s "
        "after creation then finds what took too long.",
    )
    due_seconds: Annotated[
        tuple[PositiveInt, ...], BeforeValidator(_split), Field(min_length=1), AfterValidator(_ascending)
    ] = Field(
        (90, 300, 900, 1800, 2700),
        description="Ages in seconds at which the sweep looks at an open generation; at the last one, what is still "
        "open is cancelled and refunded.",
    )

    @model_validator(mode="after")
    def _own_models_fit(self) -> Self:
        own = [CATALOGUE[name].provider == COMFY for name in self.models]
        if any(own) and self.comfy_url is None:
            raise ValueError("MODELS names a model of comfy, and there is no COMFY_URL")
        if not all(own) and own.index(False) >= self.max_attempts:
            raise ValueError("MAX_ATTEMPTS ends before MODELS comes to one that does not run at comfy")
        return self


class SettlementSettings(PredictionSettings):
    """What it takes to fetch and store outputs."""

    output_origins: Annotated[tuple[Origin, ...], BeforeValidator(_split), Field(min_length=1)] = Field(
        ("https://*.replicate.delivery", "https://replicate.delivery"),
        description="Origins that outputs may be fetched from, comma-separated; plain HTTP only where one says so.",
    )
    rekognition_url: OptionalUrl = Field(
        None, description="Endpoint of Rekognition instead of the region's own; for the local cloud."
    )
    likeness_min: Annotated[int, Field(ge=0, le=100)] = Field(
        80,
        description="Score, 0 to 100, that an image's face needs to be taken for the photo's, for users who agreed to "
        "the comparison. 0: scores are recorded, decide nothing and are not shown.",
    )
    unlike_retries: Annotated[int, Field(ge=0, le=4)] = Field(
        1, description="Of the predictions for one image, how many may follow one that showed somebody else."
    )
    max_output_bytes: PositiveInt = Field(20 * 1024 * 1024, description="Largest output that is stored, in bytes.")


class UploadsSettings(PresigningSettings, RateLimitSettings, ConsentSettings):
    upload_rate_limit_max: PositiveInt = Field(100, description="Uploads that one user may ask for in a window.")


class CheckSettings(Settings):
    queue_url: Url = Field(description="The queue that tells of photos that have landed.")
    azure_face_url: Url = Field(description="Endpoint of the Azure AI Face resource.")
    azure_face_key_secret: str = Field(description="Secret with the key of the Azure AI Face resource.")


class GenerationsSettings(
    ImageUrlSettings, PredictionSettings, OfferSettings, WelcomeSettings, RateLimitSettings, ConsentSettings
):
    rate_limit_max: PositiveInt = Field(5, description="Generations that one user may start in a window.")


class WebhookSettings(SettlementSettings):
    webhook_signing_secret: str = Field(description="Secret with Replicate's webhook signing key (whsec_…).")


class PollSettings(SettlementSettings):
    """What it takes to ask about an image is what it takes to settle it, and to start the next attempt."""


class SweeperSettings(SettlementSettings, EdgeCacheSettings):
    eraser_queue_url: Url = Field(description="The queue through which erasures are handed over.")
    money_queue_url: Url = Field(description="The queue through which work that has to do with money is handed over.")


class GallerySettings(ImageUrlSettings, EdgeCacheSettings, OfferSettings, WelcomeSettings, ConsentSettings):
    eraser_queue_url: Url = Field(description="The queue through which erasures are handed over.")
    cursor_key_secret: str = Field(description="Secret with the key that authenticates list cursors.")
