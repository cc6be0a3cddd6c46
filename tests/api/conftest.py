"""The functions as they are deployed, on moto; Replicate and Upstash are the stand-ins."""

import io
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import uuid4

import boto3
import httpx
import pytest
from moto import mock_aws

from local.providers import ProvidersConfig
from local.providers import serving as serving_providers
from tests.adapters.wire import Wire, closed_port, serving
from tests.api.callbacks import Callbacks
from tests.api.driver import Answer, Context, answer, event, load
from veil.adapters.aws import client as aws_client

# Powertools reads these when `veil.observability` is first imported, whoever is the first to do so.
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Veil")

REGION, TABLE, BUCKET = "ap-northeast-2", "veil-test", "veil-test-photos"
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/123456789012/veil-test-photos"
SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECRETS = {
    "replicate-token": "r8_never_in_a_log",
    "webhook-signing-secret": SIGNING_SECRET,
    "webhook-token-key": "token-key-never-in-a-log",
    "azure-face-key": "azure-never-in-a-log",
    "upstash-token": "upstash-never-in-a-log",
    "cursor-key": "cursor-key-never-in-a-log",
}
FUNCTIONS = ("uploads", "inspect", "generations", "webhook", "sweeper", "gallery")
STRAY = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "AWS_PROFILE", "AWS_ENDPOINT_URL")

Call = Callable[..., Answer]


@pytest.fixture(scope="session")
def providers() -> Iterator[ProvidersConfig]:
    """Replicate accepts, and never gets to work: what becomes of a prediction is each test's to say."""
    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{closed_port()}",
        replicate_token=SECRETS["replicate-token"],
        webhook_signing_secret=SIGNING_SECRET,
        azure_key=SECRETS["azure-face-key"],
        upstash_token=SECRETS["upstash-token"],
    )
    with serving_providers(config):
        yield config


@pytest.fixture(scope="session")
def outputs() -> Iterator[Wire]:
    """Where predictions' outputs are fetched from."""
    with serving() as wire:
        yield wire


def _settings(providers: ProvidersConfig, outputs: Wire) -> dict[str, str]:
    return {
        "AWS_DEFAULT_REGION": REGION,
        "STAGE": "test",
        "TABLE_NAME": TABLE,
        "BUCKET_NAME": BUCKET,
        "REPLICATE_URL": f"{providers.base_url}/replicate",
        "UPSTASH_URL": f"{providers.base_url}/upstash",
        "QUEUE_URL": QUEUE_URL,
        "AZURE_FACE_URL": f"{providers.base_url}/azure",
        "WEBHOOK_URL": "https://veil.test",
        "OUTPUT_ORIGINS": outputs.url,
        "REPLICATE_TOKEN_SECRET": "replicate-token",
        "UPSTASH_TOKEN_SECRET": "upstash-token",
        "AZURE_FACE_KEY_SECRET": "azure-face-key",
        "WEBHOOK_SIGNING_SECRET": "webhook-signing-secret",
        "WEBHOOK_TOKEN_KEY_SECRET": "webhook-token-key",
        "CURSOR_KEY_SECRET": "cursor-key",
    }


def _make_resources() -> None:
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    types = {"pk": "S", "sk": "S", "open_shard": "S", "due_at": "N"}
    boto3.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "open",
                "KeySchema": [
                    {"AttributeName": "open_shard", "KeyType": "HASH"},
                    {"AttributeName": "due_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    boto3.client("sqs").create_queue(QueueName="veil-test-photos")
    for name, value in SECRETS.items():
        boto3.client("secretsmanager").create_secret(Name=name, SecretString=value)


@pytest.fixture(scope="module")
def functions(providers: ProvidersConfig, outputs: Wire) -> Iterator[dict[str, ModuleType]]:
    """Every function's handler module, freshly started."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in STRAY:
            patch.delenv(name, raising=False)
        for name, value in _settings(providers, outputs).items():
            patch.setenv(name, value)
        _make_resources()
        aws_client.cache_clear()
        with _closed_afterwards(patch):
            yield {name: load(name) for name in FUNCTIONS}
        aws_client.cache_clear()


@contextmanager
def _closed_afterwards(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A function keeps its connections for as long as it lives; here it lives for one module."""
    made: list[httpx.Client] = []
    start = httpx.Client.__init__

    def starting(client: httpx.Client, *args: Any, **kwargs: Any) -> None:
        made.append(client)
        start(client, *args, **kwargs)

    patch.setattr(httpx.Client, "__init__", starting)
    yield
    for client in made:
        client.close()


@pytest.fixture
def user() -> str:
    """A user whom nobody has seen."""
    return f"user|{uuid4().hex}"


@pytest.fixture
def call(functions: dict[str, ModuleType], user: str) -> Call:
    """Call a function: ``call("gallery", "GET", "/credits")``, as `user` unless another is named."""

    def called(function: str, method: str, path: str, body: object = None, **given: Any) -> Answer:
        sent = event(method, path, body, **{"user": user, **given})
        return answer(functions[function].handler(sent, Context()))

    return called


@pytest.fixture
def rule(providers: ProvidersConfig) -> Iterator[Callable[..., None]]:
    """Rules of the stand-ins; predictions wait in Replicate's queue unless a rule says otherwise."""
    with httpx.Client(base_url=providers.base_url, trust_env=False) as http:

        def change(**changes: Any) -> None:
            http.post("/_control", json=changes).raise_for_status()

        change(replicate={"queue": 3600})
        yield change
        http.delete("/_control").raise_for_status()


@dataclass
class Ready:
    """An upload that passed its check."""

    upload_id: str

    @property
    def body(self) -> dict[str, str]:
        return {"upload_id": self.upload_id, "style": "classic"}


@pytest.fixture
def uploaded(call: Call, functions: dict[str, ModuleType]) -> Callable[[str], str]:
    """An upload of this user's with this status; returns its id."""

    def made(status: str, user: str) -> str:
        given = call("uploads", "POST", "/uploads", {"content_type": "image/jpeg", "size": 1000}, user=user)
        upload_id: str = given.json["upload_id"]
        uploads = functions["uploads"].do.uploads
        upload = uploads.get(user, upload_id)
        if status != "pending":
            assert uploads.begin_check(upload)
        if status == "ready":
            uploads.ready(upload, 768, 1024)
        if status == "rejected":
            uploads.reject(upload, "no_face")
        return upload_id

    return made  # type: ignore[return-value]


@pytest.fixture
def ready(uploaded: Any, user: str, rule: object) -> Ready:
    """An upload that can be used, and a Replicate that accepts."""
    return Ready(uploaded("ready", user))


@pytest.fixture
def log(functions: dict[str, ModuleType]) -> Iterator[io.StringIO]:
    """The functions' log, as it is written."""
    from veil.observability import logger

    handler, written = logger.registered_handler, io.StringIO()
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def callbacks(functions: dict[str, ModuleType], providers: ProvidersConfig) -> Callable[[str], Callbacks]:
    """A generation's callbacks."""
    return lambda generation_id: Callbacks(functions, providers, generation_id)
