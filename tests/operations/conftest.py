"""The providers' stand-ins on a free port, and a stage that sells."""

from collections.abc import Iterator

import boto3
import httpx
import pytest
from moto import mock_aws

from local.simulated.environment import BUCKET, MONEY_QUEUE_URL, REGION, SECRETS, TABLE
from local.stand_ins import ProvidersConfig, serving
from tests.operations.shop import Shop
from tests.support.deployed import create_table_and_bucket
from tests.support.wire import closed_port


@pytest.fixture(scope="session")
def providers() -> Iterator[ProvidersConfig]:
    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{closed_port()}",
        replicate_token="r8_right",
        webhook_signing_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        azure_key="azure-right",
        upstash_token="upstash-right",
    )
    with serving(config):
        yield config


@pytest.fixture
def shop(providers: ProvidersConfig) -> Iterator[Shop]:
    """On moto, with Toss's stand-in; the process's own AWS clients have no credentials there."""
    keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none", "region_name": REGION}
    secrets = {
        **SECRETS,
        "toss-payments-key": providers.toss_secret_key,
        "toss-billing-key": providers.toss_billing_secret_key,
    }
    with (
        mock_aws(config={"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1.*"]}}}),
        httpx.Client(base_url=providers.base_url, trust_env=False) as control,
    ):
        session = boto3.Session(**keys)
        create_table_and_bucket(session.client("dynamodb"), session.client("s3"), TABLE, BUCKET)
        session.client("sqs").create_queue(QueueName=MONEY_QUEUE_URL.rpartition("/")[2])
        for name, value in secrets.items():
            session.client("secretsmanager").create_secret(Name=name, SecretString=value)
        with Shop(session.client, providers, control) as made:
            yield made
        control.delete("/_control").raise_for_status()
