"""How the stand-ins misbehave: the rules that ``/_control`` reads and writes.

A rule is null (behave), one fault (always), or a list (one for each next call in turn; null behaves for that one).
Most faults have a short form: ``"lost"``, ``429``, ``"failed"``, ``"drop"``, ``"REJECT_CARD_PAYMENT"``,
``"ThrottlingException"``.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from local.stand_ins.comfyui.settings import ComfyFaults
from local.stand_ins.rekognition.settings import RekognitionFault
from local.stand_ins.rekognition.settings import short as _rekognition_short
from local.stand_ins.rules import Rule, Seconds
from local.stand_ins.toss.settings import Switches

OutcomeKind = Literal[
    "succeeded",
    "failed",
    "flagged",  # E005
    "canceled",
    "aborted",  # given up before it started
    "never",  # runs until it is cancelled, its Cancel-After passes, or /_control says how it ends
    "no_output",  # succeeded, output null
    "empty_list",
    "list_output",  # the URL in a list, as community models answer
    "missing_output",  # the output's URL answers 404
    "huge_output",  # 64 MiB, no content-length
    "not_an_image",  # HTML that says it is a JPEG
    "truncated_output",  # the first half of the file
    "foreign_host",  # a good image, from an origin that isn't ours
    "redirect",  # our origin redirects to a good image on another
    "stranger",  # a good image, of another person
    "two_people",  # of the person and another one
    "no_face",  # of nobody
]
WebhookMode = Literal["deliver", "drop", "repeat", "reorder", "delay", "forge", "stale"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class CallFault(_Strict):
    """What happens to a call to Replicate's API."""

    status: Literal[401, 402, 408, 409, 422, 425, 429, 500, 502, 503, 504, 520, 524] | None = None
    retry_after: Seconds = 5
    hang: Seconds = 0
    lost: bool = Field(False, description="Accept, then answer the status, or drop the connection without an answer.")


class Outcome(_Strict):
    """How a prediction ends."""

    kind: OutcomeKind = "succeeded"
    error: str | None = Field(None, description="Text of a failure.")


class WebhookFault(_Strict):
    """What happens to a webhook; ``times`` is for repeat and reorder, ``seconds`` for delay and reorder."""

    mode: WebhookMode = "deliver"
    times: int = Field(2, ge=1)
    seconds: Seconds = 2


class AzureFault(_Strict):
    """What happens to a detect call; ``count`` answers that many faces, whatever the photo shows."""

    status: Literal[400, 401, 403, 408, 409, 429, 500, 502, 503, 504] | None = None
    retry_after: int | None = None
    html: bool = False
    hang: Seconds = 0
    count: int | None = Field(None, ge=0)


class UpstashFault(_Strict):
    """What happens to a Redis call."""

    status: int | None = None
    html: bool = False
    hang: Seconds = 0
    drop_after_apply: bool = False


class OidcFault(_Strict):
    """What happens to a call to the issuer: ``lost`` is carried out, and its answer never comes."""

    status: Annotated[int, Field(ge=400, le=599)] | None = None
    hang: Seconds = 0
    lost: bool = False


class TossFault(_Strict):
    """What happens to a call to Toss, before or after it was carried out; ``seconds`` is for hang.

    After and drop (short: "lost") is a call that was carried out and whose answer is lost.
    """

    at: Literal["before", "after"] = "before"
    what: Literal["drop", "hang", "status", "code"] = "code"
    seconds: Seconds = 0
    status: int = Field(503, ge=400, le=599, description="Of an answer that isn't Toss's: no code, no JSON.")
    code: str = "FAILED_INTERNAL_SYSTEM_PROCESSING"


class TossWebhookFault(WebhookFault):
    """A webhook of Toss isn't signed, so that it can't be forged or stale."""

    mode: Literal["deliver", "drop", "repeat", "reorder", "delay"] = "deliver"


def _short(field: str) -> BeforeValidator:
    return BeforeValidator(lambda value: {field: value} if isinstance(value, str | int) else value)


def _call_short(value: object) -> object:
    return {"lost": True} if value == "lost" else {"status": value} if isinstance(value, int) else value


def _toss_short(value: object) -> object:
    if isinstance(value, int):
        return {"what": "status", "status": value}
    if not isinstance(value, str):
        return value
    drops = {"drop": {"what": "drop"}, "lost": {"what": "drop", "at": "after"}}
    return drops.get(value, {"code": value})


class ReplicateFaults(_Strict):
    """Replicate's speed and faults, in seconds."""

    queue: Seconds = Field(0.05, description="From creation to start.")
    latency: Seconds = Field(0.3, description="From start to completion, at the least.")
    remember: bool = Field(False, description="Same photo and words, same portrait: rendered once, whatever the seed.")
    retry_delays: list[Seconds] = Field([1, 2, 4, 8, 16, 29], description="Between attempts at a terminal webhook.")
    create: Rule[Annotated[CallFault, BeforeValidator(_call_short)]] = None
    get: Rule[Annotated[CallFault, BeforeValidator(_call_short)]] = None
    outcome: Rule[Annotated[Outcome, _short("kind")]] = None
    webhooks: Rule[Annotated[WebhookFault, _short("mode")]] = None


type TossRule = Rule[Annotated[TossFault, BeforeValidator(_toss_short)]]


class TossFaults(_Strict):
    """Toss's faults by call, its webhooks, and what its documentation leaves open."""

    confirm: TossRule = None
    get: TossRule = None
    cancel: TossRule = None
    issue: TossRule = None
    charge: TossRule = None
    delete: TossRule = None
    transactions: TossRule = None
    webhooks: Rule[Annotated[TossWebhookFault, _short("mode")]] = None
    overtake: bool = Field(
        True, description="A webhook's first attempt is over before the call that caused it answers."
    )
    retry_delays: list[Seconds] = Field([1, 4, 16], description="Between a webhook's attempts; Toss's own are minutes.")
    switches: Switches = Field(default_factory=Switches)


class OidcFaults(_Strict):
    """The issuer's faults by call, and how long what it gives is good; ``DELETE /_control/oidc/sessions`` ends it."""

    authorize: Rule[Annotated[OidcFault, BeforeValidator(_call_short)]] = None
    token: Rule[Annotated[OidcFault, BeforeValidator(_call_short)]] = None
    expires_in: int = Field(3600, description="Of access tokens for a code or a refresh token, in seconds.")
    grace: Seconds = Field(60, description="In which a refresh token that was replaced still works, as in the stack.")


class Faults(_Strict):
    """All rules."""

    replicate: ReplicateFaults = Field(default_factory=ReplicateFaults)
    toss: TossFaults = Field(default_factory=TossFaults)
    oidc: OidcFaults = Field(default_factory=OidcFaults)
    comfyui: ComfyFaults = Field(default_factory=ComfyFaults)
    azure: Rule[Annotated[AzureFault, _short("status")]] = None
    rekognition: Rule[Annotated[RekognitionFault, BeforeValidator(_rekognition_short)]] = None
    upstash: Rule[Annotated[UpstashFault, _short("status")]] = None

    def merged(self, changes: dict[str, Any]) -> Self:
        """Copy with ``changes``: the fields of replicate, oidc, comfyui, toss and its switches one by one, the others
        whole.

        Raises `ValidationError`.
        """
        return type(self).model_validate(_merge(self.model_dump(), changes, _BY_FIELD))


_BY_FIELD: dict[str, Any] = {"replicate": {}, "oidc": {}, "comfyui": {}, "toss": {"switches": {}}}


def _merge(current: dict[str, Any], changes: dict[str, Any], by_field: dict[str, Any]) -> dict[str, Any]:
    inner = {name: _merge(current[name], changes[name], by_field[name]) for name in by_field.keys() & changes.keys()}
    return {**current, **changes, **inner}


def take[T](rule: Rule[T]) -> T | None:
    """The fault for this call; a list's first is used up."""
    if isinstance(rule, list):
        return rule.pop(0) if rule else None
    return rule
