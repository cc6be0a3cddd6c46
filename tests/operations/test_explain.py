"""What AWS refuses is said in a line, with what to type."""

import pytest
from botocore import exceptions as aws
from botocore.exceptions import BotoCoreError, ClientError

from operations.explain import explain


def refused(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (aws.NoCredentialsError(), "there are no AWS credentials here: type 'aws sso login'"),
        (aws.PartialCredentialsError(provider="env", cred_var="x"), "there are no AWS credentials here"),
        (aws.UnauthorizedSSOTokenError(), "the AWS sign-in has ended"),
        (aws.ProfileNotFound(profile="work"), "'aws configure list-profiles'"),
        (aws.EndpointConnectionError(endpoint_url="https://x"), "AWS does not answer"),
        (aws.ConnectTimeoutError(endpoint_url="https://x"), "AWS does not answer"),
        (aws.NoRegionError(), "AWS can't be asked: You must specify a region"),
        (refused("ExpiredToken"), "the AWS credentials have expired"),
        (refused("InvalidClientTokenId"), "AWS does not know these credentials"),
        (refused("AccessDenied", "User: x is not authorized"), "DescribeStacks is not allowed to you: User: x is not"),
        (refused("Throttling", "Rate exceeded"), "DescribeStacks failed: Rate exceeded (Throttling)"),
    ],
)
def test_it_says(error: BotoCoreError | ClientError, said: str) -> None:
    line = explain(error)
    assert said in line
    assert "\n" not in line
