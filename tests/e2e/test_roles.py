"""Every function's role, tried on the deployed cloud in both directions: what the table of permissions allows is
allowed, and every other call of a fixed catalogue is refused. The table itself is held to the stack in `tests/infra`.
"""

import ssl
from collections.abc import Callable
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.function_table import FUNCTIONS
from local.cloud.running import RunningCloud
from tests.e2e.catalogue import PREFIXES, PROBE, Catalogue, Probe, is_allowed
from tests.infra.allowed import ALLOWED

DENIED = {"AccessDenied", "AccessDeniedException", "403"}  # an answer to HEAD has no body to name it in
# The local cloud asks for a log group's ARN without the ":*" that AWS wants there. Its functions log in another way.
REFUSED_HERE = {("logs:CreateLogStream", "log"), ("logs:PutLogEvents", "log")}
ONCE = Config(retries={"total_max_attempts": 1})

type As = Callable[[str], Callable[[str], Any]]


@pytest.fixture(scope="module")
def roles(running: RunningCloud) -> dict[str, str]:
    """The ARN of each function's role."""
    get = running.client("lambda").get_function_configuration
    return {name: get(FunctionName=deployed)["Role"] for name, deployed in running.functions.items()}


@pytest.fixture(scope="module")
def queues(running: RunningCloud) -> dict[str, str]:
    """The URLs of all queues: those that functions read by their names here, any other by its own."""
    settings = running.client("lambda").get_function_configuration
    named = {each.rpartition("/")[2]: each for each in running.client("sqs").list_queues()["QueueUrls"]}
    read = {}
    for name, function, variable in (
        ("queue", "check", "QUEUE_URL"),
        ("money-queue", "charger", "MONEY_QUEUE_URL"),
        ("eraser-queue", "gallery", "ERASER_QUEUE_URL"),
        ("poll-queue", "poll", "POLL_QUEUE_URL"),
    ):
        url = settings(FunctionName=running.functions[function])["Environment"]["Variables"][variable]
        read[name] = url
        del named[url.rpartition("/")[2]]
    assert named
    return {**read, **named}


@pytest.fixture(scope="module")
def acting_as(running: RunningCloud, roles: dict[str, str], cloud_aws: tuple[dict[str, Any], str, str]) -> As:
    """Clients under a function's own role: ``acting_as("webhook")("s3")``.

    The local cloud lets its root user assume a role that trusts only Lambda; AWS would not.
    """
    root, _, _ = cloud_aws
    sts, session = running.client("sts"), boto3.Session()  # one session: it reads each service's model once

    def assume(function: str) -> Callable[[str], Any]:
        given = sts.assume_role(RoleArn=roles[function], RoleSessionName=PROBE)["Credentials"]
        keys = {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }
        elsewhere = {"rekognition": {"endpoint_url": f"{running.providers_url}/rekognition"}}
        return lambda service: session.client(service, **{**root, **keys, **elsewhere.get(service, {})}, config=ONCE)

    return assume


@pytest.fixture(scope="module", autouse=True)
def objects(running: RunningCloud) -> None:
    """Something to be read below each prefix; what lands in ``incoming/`` is soon cleared away."""
    for prefix in PREFIXES:
        running.client("s3").put_object(Bucket=running.bucket, Key=f"{prefix}/{PROBE}", Body=b"a face")


def _trusted(running: RunningCloud) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=running.aws.ca_bundle)


def _refused(client: Any, probe: Probe) -> bool:
    """Whether IAM refuses the call; whatever else it says of it means that it was allowed."""
    try:
        getattr(client, probe.operation)(**probe.params)
    except ClientError as error:
        codes = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        return bool(DENIED & {error.response["Error"]["Code"], *codes})
    return False


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_in_both_directions(
    running: RunningCloud, acting_as: As, roles: dict[str, str], queues: dict[str, str], function: str
) -> None:
    probes = list(Catalogue(running, function, queues, roles))
    service = acting_as(function)
    clients = {name: service(name) for name in {probe.service for probe in probes}}
    missing: list[str] = []
    excess: list[str] = []
    for probe in probes:
        refused = _refused(clients[probe.service], probe)
        allowed = is_allowed(function, probe) and (probe.action, probe.resource) not in REFUSED_HERE
        if refused == allowed:
            (missing if refused else excess).append(str(probe))
    assert (missing, excess) == ([], [])


def test_every_permission_is_tried(running: RunningCloud, roles: dict[str, str], queues: dict[str, str]) -> None:
    """A permission without a call in the catalogue would be tried in neither direction."""
    for function, allowed in ALLOWED.items():
        tried = {(probe.resource, probe.action) for probe in Catalogue(running, function, queues, roles)}
        assert {(resource, action) for resource, actions in allowed.items() for action in actions} <= tried


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_url_that_a_role_signs_opens_no_more_than_the_role(
    running: RunningCloud, acting_as: As, function: str
) -> None:
    """Signing asks nobody: what a URL is good for is decided when it is used."""
    s3, opened = acting_as(function)("s3"), set()
    with httpx.Client(verify=_trusted(running), trust_env=False) as http:
        for prefix in PREFIXES:
            key = {"Bucket": running.bucket, "Key": f"{prefix}/{PROBE}"}
            for method, operation, action in (
                ("GET", "get_object", "s3:GetObject"),
                ("PUT", "put_object", "s3:PutObject"),
            ):
                url = s3.generate_presigned_url(operation, Params=key, ExpiresIn=60)
                if http.request(method, url, content=b"" if method == "PUT" else None).status_code != 403:
                    opened.add((f"{prefix}/*", action))
    allowed = {(prefix, action) for prefix, actions in ALLOWED[function].items() for action in actions}
    assert opened == {each for each in allowed if each[1] in ("s3:GetObject", "s3:PutObject")}


def test_nobody_gets_in_without_a_signature(running: RunningCloud) -> None:
    with httpx.Client(base_url=running.aws.endpoint_url, verify=_trusted(running), trust_env=False) as http:
        for prefix in PREFIXES:
            path = f"/{running.bucket}/{prefix}/{PROBE}"
            for method in ("GET", "HEAD", "PUT", "DELETE"):
                assert http.request(method, path).status_code == 403, (method, path)
        for query in ("", "?list-type=2", "?policy", "?acl"):
            assert http.get(f"/{running.bucket}{query}").status_code == 403
