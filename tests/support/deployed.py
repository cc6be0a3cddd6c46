"""What a deployment has: settings, a table, a bucket, a queue, secrets; and connections that end with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx
import pytest

from local.stand_ins import ProvidersConfig

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


def settings(providers: ProvidersConfig, outputs_url: str) -> dict[str, str]:
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
        "OUTPUT_ORIGINS": outputs_url,
        "REPLICATE_TOKEN_SECRET": "replicate-token",
        "UPSTASH_TOKEN_SECRET": "upstash-token",
        "AZURE_FACE_KEY_SECRET": "azure-face-key",
        "WEBHOOK_SIGNING_SECRET": "webhook-signing-secret",
        "WEBHOOK_TOKEN_KEY_SECRET": "webhook-token-key",
        "CURSOR_KEY_SECRET": "cursor-key",
    }


def make_resources() -> None:
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


@contextmanager
def closed_afterwards(patch: pytest.MonkeyPatch) -> Iterator[None]:
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
