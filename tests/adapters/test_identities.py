"""Who leaves is deleted from the user pool, also one who came from a provider, whose name there is the provider's."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.simulated.environment import REGION
from tests.support.deployed import forget_clients
from veil.adapters.aws.identities import CognitoIdentities, TeamsOwnIdentities

NAMES = ["Kakao_2716350413", "naver_abc", "SignInWithApple_000123.abc.0456", "7d2f4c1e-9c1b-4a53-8f5a-1e3b5b0d9c11"]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, str]]:
    for name, value in {"AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        forget_clients()
        cognito = boto3.client("cognito-idp")
        yield cognito, cognito.create_user_pool(PoolName="veil-dev")["UserPool"]["Id"]
        forget_clients()


@pytest.mark.parametrize("name", NAMES)
def test_somebody_is_forgotten_and_stays_so(pool: tuple[Any, str], name: str) -> None:
    cognito, pool_id = pool
    for each in NAMES:
        cognito.admin_create_user(UserPoolId=pool_id, Username=each)
    identities = CognitoIdentities(pool_id)
    assert identities.knows(name)
    for _ in range(2):
        identities.forget(name)
        assert not identities.knows(name)
    left = {user["Username"] for user in cognito.list_users(UserPoolId=pool_id)["Users"]}
    assert left == {*NAMES} - {name}


def test_the_users_of_an_issuer_of_ones_own_are_the_teams() -> None:
    identities = TeamsOwnIdentities()
    identities.forget("alice")
    assert not identities.knows("alice")
