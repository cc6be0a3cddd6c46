"""How a token is had: the stack's user pool, the local issuer, or the team's own."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.stand_ins import ProvidersConfig
from operations import __main__ as commands
from operations.access import Access, UserPool
from operations.errors import OperationError
from operations.smoke import user_of
from tests.operations.aws import Refusal, stubbed

pytestmark = pytest.mark.usefixtures("plain_environment")
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]


def nobody() -> Any:
    raise AssertionError("Cognito is not asked")


@pytest.fixture
def cognito() -> Iterator[Any]:
    with mock_aws():
        keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
        yield boto3.client("cognito-idp", "eu-west-1", **keys)


def test_a_user_of_the_pool_is_made_for_it_and_gone(cognito: Any) -> None:
    pool = cognito.create_user_pool(PoolName="veil-dev")["UserPool"]["Id"]
    made = cognito.create_user_pool_client(UserPoolId=pool, ClientName="App", ExplicitAuthFlows=FLOWS)
    access = Access(UserPool(pool, made["UserPoolClient"]["ClientId"]))
    first, second = (user_of(access.token(lambda: cognito, {})) for _ in range(2))
    assert first != second
    assert cognito.list_users(UserPoolId=pool)["Users"] == []


def test_a_client_that_was_deployed_without_that_sign_in() -> None:
    refused = Refusal("admin_initiate_auth", "InvalidParameterException", "Auth flow not enabled for this client")
    user = {"User": {"Username": "smoke"}}
    answers: list[Any] = [
        ("admin_create_user", user),
        ("admin_set_user_password", {}),
        refused,
        ("admin_delete_user", {}),
    ]
    client = stubbed(cognito_idp=answers)("cognito-idp")
    with pytest.raises(OperationError, match="make deploy this stage"):
        Access(UserPool("eu-west-1_pool", "client")).token(lambda: client, {})


def test_a_user_that_could_not_be_made_is_no_second_error() -> None:
    answers: list[Any] = [
        Refusal("admin_create_user", "AccessDeniedException"),
        Refusal("admin_delete_user", "UserNotFoundException"),
    ]
    client = stubbed(cognito_idp=answers)("cognito-idp")
    with pytest.raises(client.exceptions.ClientError, match="AdminCreateUser"):
        Access(UserPool("eu-west-1_pool", "client")).token(lambda: client, {})


def test_the_local_issuer(providers: ProvidersConfig) -> None:
    access = Access(token_url=f"{providers.base_url}/oidc/token")
    assert user_of(access.token(nobody, {})).startswith("smoke-")


def test_an_issuer_of_the_teams_own() -> None:
    access = Access()
    assert access.token(nobody, {"VEIL_TOKEN": " a.b.c\n"}) == "a.b.c"
    assert access.token(nobody, {}, "echo signed in; echo a.b.c") == "a.b.c"
    with pytest.raises(OperationError, match="set VEIL_TOKEN"):
        access.token(nobody, {})
    for command in ("echo no >&2; exit 3", "true"):
        with pytest.raises(OperationError, match="the token's command failed"):
            access.token(nobody, {}, command)


def test_a_photo_that_is_not_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("operations.__main__.Stage.deployed", lambda *_: None)
    assert commands.main(["smoke", "--stage", "dev", "--photo", "none.jpg"]) == 1
    assert "can't read the photo none.jpg: No such file" in capsys.readouterr().err
