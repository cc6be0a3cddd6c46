"""What a deployment has: settings, a table, a bucket, a queue, secrets; and connections that end with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx
import pytest

from infra.table_shape import INDEX, INDEX_KEYS, KEYS, TYPES, Keys
from local.simulated.environment import (
    BUCKET,
    ERASER_QUEUE_URL,
    MONEY_QUEUE_URL,
    POLL_QUEUE_URL,
    QUEUE_URL,
    REGION,
    SECRETS,
    TABLE,
    environment,
)
from local.stand_ins import ProvidersConfig

DISTRIBUTION = {  # as little as moto takes
    "CallerReference": "test",
    "Comment": "",
    "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [{"Id": "photos", "DomainName": f"{BUCKET}.s3.amazonaws.com"}]},
    "DefaultCacheBehavior": {"TargetOriginId": "photos", "ViewerProtocolPolicy": "https-only"},
}


def settings(providers: ProvidersConfig, outputs_url: str) -> dict[str, str]:
    return environment(
        REPLICATE_URL=f"{providers.base_url}/replicate",
        UPSTASH_URL=f"{providers.base_url}/upstash",
        AZURE_FACE_URL=f"{providers.base_url}/azure",
        TOSS_URL=f"{providers.base_url}/toss",
        TOSS_CLIENT_KEY=providers.toss_client_key,
        TOSS_BILLING_CLIENT_KEY=providers.toss_billing_client_key,
        OUTPUT_ORIGINS=outputs_url,
        WELCOME_CREDITS="8",  # two generations
        WELCOME_BUDGET_CREDITS_PER_DAY="1000000",
        PREDICTION_TIMEOUT_SECONDS="1200",  # or Replicate gives waiting predictions up while a slow machine tests
    )


def make_resources() -> dict[str, str]:
    """All that a stack has of them; the settings whose values AWS chooses."""
    create_table_and_bucket(boto3.client("dynamodb"), boto3.client("s3"), TABLE, BUCKET)
    for url in (QUEUE_URL, MONEY_QUEUE_URL, ERASER_QUEUE_URL, POLL_QUEUE_URL):
        boto3.client("sqs").create_queue(QueueName=url.rpartition("/")[2])
    for name, value in SECRETS.items():
        boto3.client("secretsmanager").create_secret(Name=name, SecretString=value)
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    edge = boto3.client("cloudfront").create_distribution(DistributionConfig=DISTRIBUTION)["Distribution"]["Id"]
    return {"MONEY_KEY_ARN": key, "DISTRIBUTION_ID": edge}


def create_table_and_bucket(dynamodb: Any, s3: Any, table: str, bucket: str) -> None:
    """On moto, which has no stack: a table of the stack's shape, and a bucket."""
    from tests.support.lean_moto import make_transactions_lean

    make_transactions_lean()
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in TYPES.items()],
        KeySchema=_schema(KEYS),
        GlobalSecondaryIndexes=[
            {"IndexName": INDEX, "KeySchema": _schema(INDEX_KEYS), "Projection": {"ProjectionType": "KEYS_ONLY"}}
        ],
    )
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})


def _schema(keys: Keys) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(keys, ("HASH", "RANGE"), strict=True)]


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


def forget_clients() -> None:
    """The process's AWS clients, and their session, which keeps the credentials of the environment it was made in."""
    from veil.adapters.aws import client as aws

    aws.client.cache_clear()
    aws._session.cache_clear()
