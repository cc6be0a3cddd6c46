"""The same cases for every implementation of the storage ports: the fakes, moto, the simulator's DynamoDB and S3, and
a deployed local cloud.

``cloud_aws`` is the local cloud's: boto3's client options, the table's name, the bucket's name.
"""

from collections.abc import Iterator
from time import time
from uuid import uuid4

import pytest

from local.simulated.dynamodb import DynamoDb
from local.simulated.environment import BUCKET, TABLE
from local.simulated.s3 import S3, Answer
from local.simulated.wire import Sent, answered, divert
from tests.contract.backends import Backend, aws_environment, in_memory, on_aws, on_moto
from veil.adapters.aws import client as aws
from veil.domain.uploads import user_folder

CLOUD = pytest.param("cloud", marks=pytest.mark.cloud)


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("cloud") is None:
        request.getfixturevalue("socket_disabled")


@pytest.fixture(scope="module")
def moto() -> Iterator[Backend]:
    with on_moto() as backend:
        yield backend


@pytest.fixture(scope="module")
def simulated() -> Iterator[Backend]:
    dynamodb, s3 = DynamoDb(time), S3(time)

    def exchange(sent: Sent) -> Answer:
        if sent.service == "s3":
            return s3(sent.method, sent.url, sent.headers, sent.body)
        return answered(dynamodb, sent)

    with aws_environment():
        for service in ("dynamodb", "s3"):
            divert(aws.client(service), service, exchange)
        yield on_aws(TABLE, BUCKET)


@pytest.fixture(scope="module")
def cloud(request: pytest.FixtureRequest) -> Iterator[Backend]:
    options, table, bucket = request.getfixturevalue("cloud_aws")
    with aws_environment(**options):
        yield on_aws(table, bucket, options["endpoint_url"])
        _erase(table, bucket)


@pytest.fixture(scope="module", params=["fake", "moto", "simulated", CLOUD])
def backend(request: pytest.FixtureRequest) -> Backend:
    """One implementation of the storage ports; a module's tests share it, so each takes a ``user`` of its own."""
    if request.param == "fake":
        return in_memory()
    made: Backend = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def user() -> str:
    """Nobody else's; their name would be no good key unless it is taken as it is."""
    return f"contract|{uuid4()}#ü/+"


def _erase(table: str, bucket: str) -> None:
    """Take away what these tests left in a table and a bucket that others use too."""
    dynamodb, s3 = aws.client("dynamodb"), aws.client("s3")
    start: dict[str, object] = {}
    while True:
        found = dynamodb.scan(TableName=table, ProjectionExpression="pk, sk", **start)
        for item in found["Items"]:
            if item["pk"]["S"].startswith("USER#contract|"):
                dynamodb.delete_item(TableName=table, Key=item)
        if "LastEvaluatedKey" not in found:
            break
        start = {"ExclusiveStartKey": found["LastEvaluatedKey"]}
    folder = user_folder("contract|")[:12]
    for prefix in ("incoming", "inputs", "results"):
        for one in s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/{folder}").get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=one["Key"])
