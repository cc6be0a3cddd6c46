"""Who signs people in: a user pool with two public clients, and the providers that the context names."""

import json
from typing import Any

import pytest

from infra.secret_names import SIGN_IN
from tests.infra.synthesized import Synthesize, Synthesized

PROVIDERS = {
    "kakao_client_id": "kakao-app",
    "naver_client_id": "naver-app",
    "apple_client_id": "com.example.veil",
    "apple_team_id": "TEAM",
    "apple_key_id": "KEY",
    "google_client_id": "google-app",
}


@pytest.fixture(scope="module")
def social(synthesize: Synthesize) -> Synthesized:
    """A stage with every provider, and an app that comes back by its own scheme."""
    return synthesize(app_callback="com.example.veil:/signed-in", **PROVIDERS)


def _client(stack: Synthesized, name: str) -> dict[str, Any]:
    """The web's or the app's."""
    (found,) = [c for id_, c in stack.of_type("AWS::Cognito::UserPoolClient").items() if f"Pool{name}" in id_]
    return found


def test_the_api_trusts_both_clients_of_the_pool(prod: Synthesized) -> None:
    (pool,) = prod.of_type("AWS::Cognito::UserPool")
    app, web = sorted(prod.of_type("AWS::Cognito::UserPoolClient"))
    issuer = {"Fn::Join": ["", ["https://cognito-idp.ap-northeast-2.amazonaws.com/", {"Ref": pool}]]}
    jwt = prod.only("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]
    assert jwt == {"Audience": [{"Ref": web}, {"Ref": app}], "Issuer": issuer}
    values = {name: output["Value"] for name, output in prod.template["Outputs"].items()}
    assert (values["Issuer"], values["WebClientId"]) == (issuer, {"Ref": web})
    assert "IdentityProviders" not in values
    assert (values["UserPoolId"], values["UserPoolClientId"]) == ({"Ref": pool}, {"Ref": app})


def test_an_issuer_of_ones_own_may_have_several_audiences(synthesize: Synthesize) -> None:
    stack = synthesize(oidc_issuer="https://login.example", oidc_audience="veil-web, veil")
    jwt = stack.only("AWS::ApiGatewayV2::Authorizer")["JwtConfiguration"]
    assert jwt == {"Audience": ["veil-web", "veil"], "Issuer": "https://login.example"}
    values = {name: output["Value"] for name, output in stack.template["Outputs"].items()}
    assert (values["Issuer"], values["WebClientId"]) == ("https://login.example", "veil-web")
    assert "IdentityProviders" not in values


@pytest.mark.parametrize("name", ["Web", "App"])
def test_a_client_has_no_secret_and_no_implicit_grant(social: Synthesized, name: str) -> None:
    client = _client(social, name)
    assert client.get("GenerateSecret", False) is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert sorted(client["AllowedOAuthScopes"]) == ["email", "openid", "profile"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"


@pytest.mark.parametrize("name", ["Web", "App"])
def test_refresh_tokens_rotate_and_can_be_revoked(prod: Synthesized, name: str) -> None:
    client = _client(prod, name)
    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
    assert client["EnableTokenRevocation"] is True
    minutes = [client[f"{kind}TokenValidity"] for kind in ("Access", "Id", "Refresh")]
    assert (minutes, set(client["TokenValidityUnits"].values())) == ([60, 60, 30 * 24 * 60], {"minutes"})
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in client["ExplicitAuthFlows"]  # it would give tokens that do not rotate


def test_people_come_back_to_nobody_elses_address(prod: Synthesized, social: Synthesized) -> None:
    (callback,), (logout,) = (_client(prod, "Web")[name] for name in ("CallbackURLs", "LogoutURLs"))
    (distribution,) = prod.of_type("AWS::CloudFront::Distribution")
    edge = {"Fn::GetAtt": [distribution, "DomainName"]}
    assert callback == {"Fn::Join": ["", ["https://", edge, "/signed-in"]]}
    assert logout == {"Fn::Join": ["", ["https://", edge, "/"]]}
    assert _client(social, "App")["CallbackURLs"] == ["com.example.veil:/signed-in"]
    app = _client(prod, "App")
    assert {"AllowedOAuthFlows", "CallbackURLs"}.isdisjoint(app)
    assert sorted(app["ExplicitAuthFlows"]) == ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]


def test_the_login_page(prod: Synthesized, social: Synthesized) -> None:
    domain = prod.only("AWS::Cognito::UserPoolDomain")
    assert domain["Domain"] == {"Fn::Join": ["", ["veil-prod-", {"Ref": "AWS::AccountId"}]]}
    assert domain["ManagedLoginVersion"] == 2
    for stack, clients in ((prod, ["Web"]), (social, ["App", "Web"])):
        looks = stack.of_type("AWS::Cognito::ManagedLoginBranding").values()
        assert sorted(look["ClientId"]["Ref"].removeprefix("UsersPool")[:3] for look in looks) == clients


def test_the_web_client_may_ask_the_pool_and_its_login(prod: Synthesized, dev: Synthesized) -> None:
    def written(stack: Synthesized) -> str:
        return json.dumps(list(stack.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()))

    assert "https://cognito-idp.ap-northeast-2.amazonaws.com " in written(prod)
    assert '"AWS::AccountId"}, ".auth.ap-northeast-2.amazoncognito.com' in written(prod)
    assert "https://login.example" in written(dev)


def test_an_address_is_not_required(prod: Synthesized) -> None:
    pool = prod.only("AWS::Cognito::UserPool")
    assert "Schema" not in pool  # nothing is required by default; a pool that exists can't be given another
    assert pool["UserPoolTier"] == "ESSENTIALS"


def test_every_provider_is_offered_to_both_clients(social: Synthesized) -> None:
    made = social.of_type("AWS::Cognito::UserPoolIdentityProvider")
    assert [each["ProviderName"] for each in made.values()] == ["Kakao", "Naver", "SignInWithApple", "Google"]
    assert social.template["Outputs"]["IdentityProviders"]["Value"] == "kakao,naver,apple,google"
    for client in social.of_type("AWS::Cognito::UserPoolClient").values():
        assert client["SupportedIdentityProviders"] == ["COGNITO", *({"Ref": name} for name in made)]


def test_a_providers_secret_is_a_reference(social: Synthesized) -> None:
    made = social.of_type("AWS::Cognito::UserPoolIdentityProvider").values()
    found = [each["ProviderDetails"].get("client_secret") or each["ProviderDetails"]["private_key"] for each in made]
    names = [SIGN_IN[name].name for name in ("kakao", "naver", "apple", "google")]
    assert found == [f"{{{{resolve:secretsmanager:veil-dev/{name}:SecretString:::}}}}" for name in names]


def test_kakao_and_naver_are_found_by_their_discovery_documents(social: Synthesized) -> None:
    kakao, naver, *_ = social.of_type("AWS::Cognito::UserPoolIdentityProvider").values()
    issuers = [each["ProviderDetails"]["oidc_issuer"] for each in (kakao, naver)]
    assert issuers == ["https://kauth.kakao.com", "https://nid.naver.com"]
    for each in (kakao, naver):
        assert each["ProviderType"] == "OIDC"
        assert each["ProviderDetails"]["authorize_scopes"] == "openid"
        assert not {"token_url", "jwks_uri", "authorize_url"} & each["ProviderDetails"].keys()


def test_one_provider_alone(synthesize: Synthesize) -> None:
    stack = synthesize(kakao_client_id="kakao-app")
    assert stack.only("AWS::Cognito::UserPoolIdentityProvider")["ProviderName"] == "Kakao"
    assert stack.template["Outputs"]["IdentityProviders"]["Value"] == "kakao"


def test_aws_solutions_is_clean_with_every_provider(social: Synthesized) -> None:
    assert social.report["pluginReports"] == []


def test_codes_come_from_an_address_of_ones_own(prod: Synthesized) -> None:
    mail = prod.only("AWS::Cognito::UserPool")["EmailConfiguration"]
    assert (mail["EmailSendingAccount"], mail["From"]) == ("DEVELOPER", "hello@veil.example")
    assert mail["SourceArn"]["Fn::Join"][1][-1].endswith(":identity/veil.example")
