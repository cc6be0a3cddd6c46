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
    settings: Mapping[str, str] = field(default_factory=dict)
    detour: tuple[str, ...] = ()  # AWS services that the functions reach through a proxy: "dynamodb", "s3"
    detour_by: str = "local.cloud.detour"  # the proxy: microburst, or another module that is started as it is
    detour_presigned: bool = False  # whether presigned requests take it too
    functions_environment: Mapping[str, str] = field(default_factory=dict)  # of their processes, beside their own

    def secret_values(self) -> dict[str, str]:
        """The providers' credentials, by the name of the secret that holds each."""
        return {
            "replicate-token": self.replicate_token,
            "webhook-signing-secret": self.replicate_webhook_secret,
            "azure-face-key": self.azure_face_key,
            "upstash-token": self.upstash_token,
            "toss-payments-key": self.toss_secret_key,
            "toss-billing-key": self.toss_billing_secret_key,
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
            "metric_math": "false",  # the local CloudFormation knows no alarms on it
            "saved_queries": "false",  # nor these
            "settings": json.dumps(self._settings(addresses), sort_keys=True),
        }

    def _settings(self, addresses: "Addresses") -> dict[str, str]:
        replicate = self.replicate_url or f"{addresses.providers}/replicate"
        default_origins: tuple[str, ...] = SettlementSettings.model_fields["output_origins"].default
        return {
            "REPLICATE_URL": replicate,
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


@dataclass(frozen=True)
class Addresses:
    """The origins of one local cloud: on loopback, but for those that a device in the network may need."""

    aws: str
    detour: str
    providers: str
    api: str
    s3: str
    web: str

    @classmethod
    def at(cls, ports: Mapping[str, int], host: str = HOST) -> "Addresses":
        inner = {"aws", "detour"}
        return cls(
            **{
                name: f"https://{HOST}:{port}" if name in inner else f"http://{host}:{port}"
                for name, port in ports.items()
            }
        )


def _where_read(name: str, value: str) -> dict[str, str]:
    """A setting, if any function reads it: the stack refuses one that it does not know."""
    return {name: value} if name.lower() in FIELDS else {}


def _origin(url: str) -> str:
    parsed = httpx.URL(url)
    return str(parsed.copy_with(raw_path=b"/")).rstrip("/")
