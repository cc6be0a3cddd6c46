"""The keys of Kakao, Naver, Apple and Google: tried there, stored before the stack is, and told to the user pool."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from moto import mock_aws

from infra.context import Context
from operations.account import Account
from operations.ask import Ask
from operations.sign_in_keys import NAMES, PutSignInKeys, hand_over, missing, redirect_uri, take_away
from tests.operations.aws import Answer, Refusal, stubbed
from tests.support.wire import Reply, Wire, closed_port, serving

APPLE_KEY = ECKey.generate_key("P-256")
P8 = APPLE_KEY.as_pem(private=True).decode()
LETTERS = "".join(P8.splitlines()[1:-1])
CONTEXT = {
    "kakao_client_id": "kakao-app",
    "naver_client_id": "naver-app",
    "apple_client_id": "com.example.veil",
    "apple_team_id": "TEAM",
    "apple_key_id": "KEY",
    "google_client_id": "google-app",
}
BACK = "https://veil-dev-123456789012.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse"


@pytest.fixture(scope="module")
def provider() -> Iterator[Wire]:
    with serving() as wire:
        yield wire


class Desk:
    """A stage whose keys of sign-in are not there yet."""

    def __init__(self, provider: Wire, store: Any) -> None:
        self.provider, self.store = provider, store
        self.said, self.handed = list[str](), list[tuple[str, str]]()
        self.url = f"{provider.url}/token"

    def put(self, *typed: str, context: dict[str, str] | None = None, terminal: bool = True, **how: Any) -> bool:
        lines = iter(typed)
        ask = Ask(how.pop("yes", False), lambda: terminal, lambda _: "n")
        how = {"environ": {}, "read": lambda _: next(lines), "say": self.said.append, **how}
        return PutSignInKeys(
            stage="dev",
            store=self.store,
            ask=ask,
            context=Context.of(CONTEXT if context is None else context),
            redirect_uri=BACK,
            hand_over=lambda *what: self.handed.append(what),
            urls=dict.fromkeys(("kakao", "naver", "apple", "google"), self.url),
            **how,
        ).put_all()

    def answer(self, *errors: str) -> None:
        self.provider.answer(*(Reply(400, json.dumps({"error": error}).encode()) for error in errors))

    def stored(self, name: str) -> str:
        return str(self.store.get_secret_value(SecretId=f"veil-dev/{name}")["SecretString"])


@pytest.fixture
def desk(provider: Wire) -> Iterator[Desk]:
    keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
    with mock_aws(config={"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1.*"]}}}):
        yield Desk(provider, boto3.client("secretsmanager", "eu-west-1", **keys))


KAKAO = {"kakao_client_id": "kakao-app"}


def test_each_is_asked_for_tried_and_stored(desk: Desk, tmp_path: Path) -> None:
    desk.answer("invalid_client", *["invalid_grant"] * 4)
    (tmp_path / "key.p8").write_text(P8)
    files = {"apple-private-key": tmp_path / "key.p8"}
    assert desk.put("wrong", "of kakao", "of naver", "of google", files=files)
    assert [desk.stored(name) for name in NAMES] == ["of kakao", "of naver", LETTERS, "of google"]
    assert desk.handed == [("kakao", "of kakao"), ("naver", "of naver"), ("apple", LETTERS), ("google", "of google")]
    refused = "refused, and not stored: the provider does not accept it with this client id"
    assert f"kakao-client-secret: {refused}" in desk.said
    assert BACK in "\n".join(desk.said)
    assert not [value for value in ("wrong", "of kakao", LETTERS) if value in "\n".join(desk.said)]


def test_what_a_provider_is_asked(desk: Desk) -> None:
    desk.provider.asked.clear()
    desk.answer("invalid_grant")
    assert desk.put(context=KAKAO, environ={"VEIL_KAKAO_CLIENT_SECRET": "of kakao"}, terminal=False)
    sent = {name: values[0] for name, values in parse_qs(desk.provider.asked[-1].body.decode()).items()}
    assert sent == {
        "grant_type": "authorization_code",
        "code": "veil-trial",
        "client_id": "kakao-app",
        "client_secret": "of kakao",
        "redirect_uri": BACK,
    }


def test_apple_is_sent_a_claim_that_its_key_has_signed(desk: Desk) -> None:
    desk.provider.asked.clear()
    desk.answer("invalid_grant")
    only = ("apple-private-key",)
    assert desk.put(only=only, environ={"VEIL_APPLE_PRIVATE_KEY": LETTERS}, terminal=False)
    sent = parse_qs(desk.provider.asked[-1].body.decode())
    token = jwt.decode(sent["client_secret"][0], APPLE_KEY, algorithms=["ES256"])
    assert token.header["kid"] == "KEY"
    assert {name: token.claims[name] for name in ("iss", "sub", "aud")} == {
        "iss": "TEAM",
        "sub": "com.example.veil",
        "aud": "https://appleid.apple.com",
    }


@pytest.mark.parametrize("typed", ["-----BEGIN PRIVATE KEY-----", "letters"])
def test_no_key_of_apples_is_refused_before_anybody_is_asked(desk: Desk, typed: str) -> None:
    desk.provider.asked.clear()
    assert not desk.put(typed, "", only=("apple-private-key",))
    assert not desk.provider.asked
    assert "--file apple-private-key" in "\n".join(desk.said)


def test_what_works_is_told_to_the_pool_again(desk: Desk) -> None:
    """A run may have been stopped between the store and the pool."""
    desk.answer("invalid_grant", "invalid_grant")
    desk.put("of kakao", context=KAKAO)
    desk.handed.clear()
    assert desk.put(context=KAKAO)
    assert desk.handed == [("kakao", "of kakao")]


def test_a_provider_that_does_not_answer_is_no_verdict(desk: Desk) -> None:
    desk.url = f"http://127.0.0.1:{closed_port()}/token"
    given: dict[str, Any] = {"context": KAKAO, "environ": {"VEIL_KAKAO_CLIENT_SECRET": "perhaps"}}
    assert not desk.put(**given)
    assert not desk.handed
    assert desk.put(**given, yes=True)
    assert desk.stored("kakao-client-secret") == "perhaps"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"error": "redirect_uri_mismatch"}'])
def test_an_answer_that_says_neither(desk: Desk, body: bytes) -> None:
    desk.provider.answer(Reply(400, body))
    assert not desk.put(context=KAKAO, environ={"VEIL_KAKAO_CLIENT_SECRET": "perhaps"})
    assert "not stored" in desk.said[-1]


def test_a_provider_that_the_stage_has_not(desk: Desk) -> None:
    assert not desk.put("of naver", "", context=KAKAO, only=("naver-client-secret",))
    assert "naver-client-secret: refused, and not stored: this stage has no naver_client_id" in desk.said


def test_a_deployment_without_its_keys_is_known_beforehand(desk: Desk) -> None:
    desk.store.create_secret(Name="veil-dev/naver-client-secret", SecretString="x")
    assert missing(Context.of({**CONTEXT, "google_client_id": ""}), desk.store) == [NAMES[0], NAMES[2]]


def test_the_pool_is_told(desk: Desk) -> None:
    details = {"client_id": "kakao-app", "client_secret": "old", "oidc_issuer": "https://kauth.kakao.com"}
    described: Answer = ("describe_identity_provider", {"IdentityProvider": {"ProviderDetails": details}})
    cognito = stubbed(cognito_idp=[described, ("update_identity_provider", {"IdentityProvider": {}})])("cognito-idp")
    sent: list[dict[str, Any]] = []
    event = "provide-client-params.cognito-identity-provider.UpdateIdentityProvider"
    cognito.meta.events.register(event, lambda params, **_: sent.append(params))
    hand_over(cognito, "eu-west-1_pool", "kakao", "new")
    assert sent[0]["ProviderName"] == "Kakao"
    assert sent[0]["ProviderDetails"] == {**details, "client_secret": "new"}


def test_a_pool_that_has_not_that_provider_reads_it_later() -> None:
    cognito = stubbed(cognito_idp=[Refusal("describe_identity_provider", "ResourceNotFoundException")])("cognito-idp")
    hand_over(cognito, "eu-west-1_pool", "apple", "new")


def test_they_go_with_the_stage(desk: Desk) -> None:
    desk.answer("invalid_grant")
    desk.put("of kakao", context=KAKAO)
    take_away("dev", desk.store)
    assert desk.store.list_secrets()["SecretList"] == []


def test_what_is_registered_at_the_providers() -> None:
    account = Account("eu-west-1", stubbed(sts=[("get_caller_identity", {"Account": "123456789012"})]))
    assert redirect_uri("dev", account) == BACK
