"""What of the local cloud can be chosen, and what the stack is told because of it."""

import base64
import json
import platform
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from infra.context import FIELDS
from local.cloud.ports import HOST
from local.cloud.running import STATE
from veil.domain.image_models import CATALOGUE, COMFY
from veil.settings import SettlementSettings

STAGE = "local"
AUDIENCE, WEB_CLIENT = "veil", "veil-web"  # of apps, and of the web client
ARCHITECTURE = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
SYSTEM = "macos" if platform.system() == "Darwin" else "linux"  # it runs the functions


@dataclass(frozen=True)
class Options:
    """A secret that is not given is made for this run; a URL that is not given is the stand-in's."""

    state: Path = STATE
    port: int | None = None  # of the edge's door; None: one that is free, the same one again where it can be
    web: bool = False  # whether the web client is built and published there
    host: str = HOST  # this machine's address for whoever shall reach it: its API, its photos, its stand-ins
    public_url: str | None = None  # where the API is found through a tunnel: the real Replicate calls back there
    public_photos_url: str | None = None  # and one to the photos, which it fetches
    replicate_url: str | None = None
    replicate_token: str = field(default_factory=lambda: f"r8_{secrets.token_hex(16)}")
    replicate_webhook_secret: str = field(
        default_factory=lambda: "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    )
    models: str | None = None  # the chain, comma-separated; None: the functions' own
    comfy_url: str | None = None
    comfy_token: str = field(default_factory=lambda: secrets.token_hex(16))
    azure_face_url: str | None = None
    azure_face_key: str = field(default_factory=lambda: secrets.token_hex(16))
    upstash_url: str | None = None
    upstash_token: str = field(default_factory=lambda: secrets.token_hex(16))
    toss_url: str | None = None
    toss_client_key: str = "test_ck_veil_payments"
    toss_secret_key: str = field(default_factory=lambda: f"test_sk_{secrets.token_hex(16)}")
    toss_billing_client_key: str = "test_ck_veil_billing"
    toss_billing_secret_key: str = field(default_factory=lambda: f"test_sk_{secrets.token_hex(16)}")
    toss_webhook_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    events_url: str | None = None  # a server that a developer runs
    events_signing_key: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(48)).decode())
    settings: Mapping[str, str] = field(default_factory=dict)
    detour: tuple[str, ...] = ()  # AWS services that the functions reach through a proxy: "dynamodb", "s3"
    detour_by: str = "local.cloud.detour"  # the proxy: microburst, or another module that is started as it is
    detour_presigned: bool = False  # whether presigned requests take it too
    functions_environment: Mapping[str, str] = field(default_factory=dict)  # of their processes, beside their own

    @property
    def chain(self) -> tuple[str, ...]:
        """The models of this cloud, in their order."""
        given = self.settings.get("MODELS") or self.models
        default: tuple[str, ...] = SettlementSettings.model_fields["models"].default
        return tuple(name.strip() for name in given.split(",")) if given else default

    @property
    def runs_comfy(self) -> bool:
        """Whether Comfy's proxy runs here: a model of one's own is in the chain, and it is nowhere else."""
        asked = any(name in CATALOGUE and CATALOGUE[name].provider == COMFY for name in self.chain)
        return asked and self.comfy_url is None and "COMFY_URL" not in self.settings

    def secret_values(self) -> dict[str, str]:
        """The providers' credentials, by the name of the secret that holds each."""
        return {
            "replicate-token": self.replicate_token,
            "webhook-signing-secret": self.replicate_webhook_secret,
            "comfy-token": self.comfy_token,
            "azure-face-key": self.azure_face_key,
            "upstash-token": self.upstash_token,
            "toss-payments-key": self.toss_secret_key,
            "toss-billing-key": self.toss_billing_secret_key,
            "events-signing-key": self.events_signing_key,  # as below, and some that are no base64
            "toss-webhook-key": self.toss_webhook_key,  # the local Secrets Manager makes some that no path can hold
        }

    def context(self, addresses: "Addresses") -> dict[str, str]:
        """The CDK's context for this stack."""
        return {
            "stage": STAGE,
            "architecture": ARCHITECTURE,
            "system": SYSTEM,
            "oidc_issuer": f"{addresses.providers}/oidc",
            "oidc_audience": f"{WEB_CLIENT},{AUDIENCE}",
            "api_origin": addresses.api,  # the emulator's CloudFront knows no way to an API by AWS's name of it
            **({"events_url": self.events_url} if self.events_url else {}),
            "metric_math": "false",  # the local CloudFormation knows no alarms on it
            "saved_queries": "false",  # nor these
            "settings": json.dumps(self._settings(addresses), sort_keys=True),
        }

    def _settings(self, addresses: "Addresses") -> dict[str, str]:
        replicate = self.replicate_url or f"{addresses.providers}/replicate"
        default_origins: tuple[str, ...] = SettlementSettings.model_fields["output_origins"].default
        return {
            "REPLICATE_URL": replicate,
            **({"MODELS": self.models} if self.models else {}),
            **self._comfy(addresses),
            "AZURE_FACE_URL": self.azure_face_url or f"{addresses.providers}/azure",
            **_where_read("REKOGNITION_URL", f"{addresses.providers}/rekognition"),
            "UPSTASH_URL": self.upstash_url or f"{addresses.providers}/upstash",
            "TOSS_URL": self.toss_url or f"{addresses.providers}/toss",
            "TOSS_CLIENT_KEY": self.toss_client_key,
            "TOSS_BILLING_CLIENT_KEY": self.toss_billing_client_key,
            "WEBHOOK_URL": self.public_url or addresses.api,
            "WEB_URL": addresses.web,
            "PRESIGN_ENDPOINT_URL": self.public_photos_url or addresses.s3,
            "OUTPUT_ORIGINS": ",".join(dict.fromkeys((addresses.providers, _origin(replicate), *default_origins))),
            **self.settings,
        }

    def _comfy(self, addresses: "Addresses") -> dict[str, str]:
        url = addresses.comfy if self.runs_comfy else self.comfy_url
        return {"COMFY_URL": url} if url else {}


@dataclass(frozen=True)
class Addresses:
    """The origins of one local cloud: on loopback, but for those that a device in the network may need."""

    aws: str
    detour: str
    providers: str
    comfy: str
    api: str
    s3: str
    web: str

    @classmethod
    def at(cls, ports: Mapping[str, int], host: str = HOST) -> "Addresses":
        inner = {"aws": f"https://{HOST}", "detour": f"https://{HOST}", "comfy": f"http://{HOST}"}
        return cls(**{name: f"{inner.get(name, f'http://{host}')}:{port}" for name, port in ports.items()})


def _where_read(name: str, value: str) -> dict[str, str]:
    """A setting, if any function reads it: the stack refuses one that it does not know."""
    return {name: value} if name.lower() in FIELDS else {}


def _origin(url: str) -> str:
    parsed = httpx.URL(url)
    return str(parsed.copy_with(raw_path=b"/")).rstrip("/")
