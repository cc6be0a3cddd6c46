"""The stand-in of Rekognition knows the deployed cloud's own keys, and its IAM decides who may compare what."""

import io
import json
import ssl
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.demo import PHOTO
from local.processes import poll
from tests.e2e.world import World

FACE = PHOTO.read_bytes()
MAY = {"Effect": "Allow", "Action": "rekognition:CompareFaces", "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
CODE = 'import os\n\ndef handler(*_):\n    return {k: v for k, v in os.environ.items() if k.startswith("AWS_")}\n'
NAMES = {  # boto3's names of the credentials, and those of the environment, which STS's answer resembles
    "aws_access_key_id": ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
    "aws_secret_access_key": ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
    "aws_session_token": ("AWS_SESSION_TOKEN", "SessionToken"),
}
type Client = Callable[[dict[str, str]], Any]


def _policy(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def role(world: World) -> Iterator[str]:
    """The ARN of a role that may do nothing yet."""
    iam, name = world.running.client("iam"), f"comparer-{uuid4()}"
    yield str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(TRUST))["Role"]["Arn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


@pytest.fixture
def allow(world: World, role: str) -> Callable[..., None]:
    """Replace what the role may."""

    def put(*statements: object) -> None:
        world.running.client("iam").put_role_policy(
            RoleName=role.rpartition("/")[2], PolicyName="may", PolicyDocument=_policy(*statements)
        )

    return put


@pytest.fixture
def client(world: World) -> Client:
    """A client with credentials as STS or a function's environment names them."""

    def made(given: dict[str, str]) -> Any:
        keys = {name: next(given[each] for each in among if each in given) for name, among in NAMES.items()}
        return boto3.Session().client(
            "rekognition",
            endpoint_url=f"{world.running.providers_url}/rekognition",
            region_name=world.running.aws.region,
            config=Config(retries={"total_max_attempts": 1}),
            **keys,
        )

    return made


@pytest.fixture
def session(world: World, role: str, client: Client) -> Any:
    """A client in a session of the role."""
    sts = world.running.client("sts")
    return client(sts.assume_role(RoleArn=role, RoleSessionName="probe")["Credentials"])


def _code(client: Any, **source: Any) -> str:
    """The error's name; empty where the faces were compared."""
    try:
        answer = client.compare_faces(SourceImage=source or {"Bytes": FACE}, TargetImage={"Bytes": FACE})
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    assert answer["FaceMatches"][0]["Similarity"] > 99
    return ""


def test_a_role_compares_faces_only_while_it_may(session: Any, allow: Callable[..., None]) -> None:
    assert _code(session) == "AccessDeniedException"
    allow(MAY)
    assert _code(session) == ""
    allow(MAY, {**MAY, "Effect": "Deny"})
    assert _code(session) == "AccessDeniedException"


def test_an_object_is_compared_only_where_the_role_may_read_it(
    world: World, session: Any, allow: Callable[..., None]
) -> None:
    bucket = world.running.bucket
    for prefix in ("inputs", "results"):
        world.s3.put_object(Bucket=bucket, Key=f"{prefix}/comparer.jpg", Body=FACE)
    allow(MAY, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/inputs/*"})
    tried = [_code(session, S3Object={"Bucket": bucket, "Name": f"{at}/comparer.jpg"}) for at in ("inputs", "results")]
    assert tried == ["", "InvalidS3ObjectException"]
    assert _code(session, S3Object={"Bucket": bucket, "Name": "inputs/none.jpg"}) == "InvalidS3ObjectException"


def test_a_functions_own_keys_are_known(world: World, role: str, allow: Callable[..., None], client: Client) -> None:
    allow(MAY)
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("it.py", CODE)
    functions, name = world.functions, f"comparer-{uuid4()}"
    functions.create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="it.handler", Code={"ZipFile": packed.getvalue()}
    )
    assert poll(lambda: functions.get_function_configuration(FunctionName=name)["State"] == "Active", 30)
    keys = json.loads(functions.invoke(FunctionName=name)["Payload"].read())
    functions.delete_function(FunctionName=name)
    assert keys["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert _code(client(keys)) == ""
    assert _code(client({**keys, "AWS_SECRET_ACCESS_KEY": "another"})) == "InvalidSignatureException"
    assert _code(client({**keys, "AWS_SESSION_TOKEN": "another"})) == "UnrecognizedClientException"


def test_nobody_but_the_root_user_is_told_a_secret(world: World) -> None:
    aws = world.running.aws
    with httpx.Client(verify=ssl.create_default_context(cafile=aws.ca_bundle), trust_env=False) as http:
        for headers in ({}, {"authorization": "Bearer"}, {"authorization": "Bearer another"}):
            answer = http.get(f"{aws.endpoint_url}/_local/credentials/{aws.access_key_id}", headers=headers)
            assert answer.status_code == 403
            assert aws.secret_access_key not in answer.text
