"""What a deployment is told is checked before anything is built, and all that is wrong is named at once."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import app as cdk_app

# isort: split
from aws_cdk import App

from infra.context import STAGES, Context, ContextError

STRANGER = "black-forest-labs/flux-1.1-pro"
CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/1"
URLS = {"upstash_url": "https://limits.example", "azure_face_url": "https://face.example"}
FOREIGN = {"oidc_issuer": "https://login.example", "oidc_audience": "veil"}


def _read(**context: Any) -> Context:
    return Context.read(App(context=context).node)


def test_defaults() -> None:
    context = _read(**URLS)
    assert (context.stage, context.architecture, context.region) == ("dev", "arm64", "ap-northeast-2")
    assert context.overrides() == {"UPSTASH_URL": "https://limits.example", "AZURE_FACE_URL": "https://face.example"}


@pytest.mark.parametrize(
    ("context", "named"),
    [
        ({"stage": "Prod!"}, ["stage"]),
        ({"stage": "pipeline"}, ["veil-pipeline"]),
        ({"architecture": "sparc", "region": "Seoul"}, ["architecture", "region"]),
        ({"system": "windows"}, ["system"]),
        ({"oidc_issuer": "https://login.example"}, ["oidc_issuer", "oidc_audience"]),
        ({"oidc_issuer": "https://login.example", "oidc_audience": " , "}, ["oidc_audience"]),
        ({"apple_client_id": "com.example.veil", "apple_key_id": "KEY"}, ["apple_team_id"]),
        ({**FOREIGN, "kakao_client_id": "b"}, ["identity providers"]),
        ({**FOREIGN, "app_callback": "a:/b"}, ["app_callback"]),
        ({"app_callback": "com.example.veil"}, ["app_callback"]),
        ({"check_concurrency": "1"}, ["check_concurrency"]),
        ({"web_domain": "veil.example"}, ["web_domain", "web_certificate"]),
        ({"web_domain": "https://veil.example", "delivery_key": "0"}, ["web_domain", "delivery_key"]),
        ({"web_domain": "veil.example", "web_certificate": CERTIFICATE.format("eu-west-1")}, ["web_certificate"]),
        ({"api_domain": "veil.example", "api_certificate": CERTIFICATE.format("us-east-1")}, ["api_certificate"]),
        ({"api_origin": "http://127.0.0.1:8788/path"}, ["api_origin"]),
        ({"settings": "{not json"}, ["settings"]),
        ({"settings": '["a list"]'}, ["settings"]),
        ({"alarm_email": "nobody"}, ["alarm_email"]),
        ({"morning_email": "nobody"}, ["morning_email"]),
        ({"spend_hourly_usd": "0", "spend_daily_usd": "much"}, ["spend_hourly_usd", "spend_daily_usd"]),
        ({"krw_per_usd": "-1450"}, ["krw_per_usd"]),
        ({"runbooks_url": "https://wiki.veil.example/"}, ["runbooks_url"]),
        ({"mail_from": "nobody", "webhook_concurrency": "1"}, ["mail_from", "webhook_concurrency"]),
    ],
)
def test_wrong_context_is_named(context: dict[str, str], named: list[str]) -> None:
    with pytest.raises(ContextError) as error:
        _read(**URLS, **context)
    assert all(name in str(error.value) for name in named)


def test_required_settings_are_named_with_the_functions_that_need_them() -> None:
    with pytest.raises(ContextError) as error:
        _read().overrides()
    message = str(error.value)
    assert "UploadsSettings: UPSTASH_URL" in message
    assert "GenerationsSettings: UPSTASH_URL" in message
    assert "CheckSettings: AZURE_FACE_URL" in message


def test_required_settings_may_come_as_overrides() -> None:
    settings = '{"UPSTASH_URL": "http://127.0.0.1:1", "AZURE_FACE_URL": "http://127.0.0.1:2", "RATE_LIMIT_MAX": 3}'
    assert _read(settings=settings).overrides() == {
        "UPSTASH_URL": "http://127.0.0.1:1",
        "AZURE_FACE_URL": "http://127.0.0.1:2",
        "RATE_LIMIT_MAX": "3",
    }


@pytest.mark.parametrize("name", ["NO_SUCH_SETTING", "rate_limit_max", "TABLE_NAME", "REPLICATE_TOKEN_SECRET"])
def test_an_unknown_setting_is_an_error(name: str) -> None:
    with pytest.raises(ContextError, match=name):
        _read(**URLS, settings={name: "1"}).overrides()


def test_a_malformed_setting_is_an_error() -> None:
    with pytest.raises(ContextError, match="RATE_LIMIT_MAX"):
        _read(**URLS, settings={"RATE_LIMIT_MAX": "many"}).overrides()


def test_the_command_line_ends_with_the_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cdk_app, "STAGES", tmp_path)
    with pytest.raises(SystemExit, match="UPSTASH_URL"):
        cdk_app.main()
    assert capsys.readouterr().out == ""


def _stage(folder: Path, text: str, **given: Any) -> Context:
    (folder / "dev.toml").write_text(text)
    return Context.of(given, folder)


def test_a_stage_has_its_file_and_the_command_line_overrides_it(tmp_path: Path) -> None:
    text = """
        region = "eu-west-1"
        alarm_email = "oncall@veil.example"
        check_concurrency = 7
        [settings]
        RATE_LIMIT_MAX = 10
        WELCOME_CREDITS = 4
    """
    context = _stage(tmp_path, text)
    assert (context.stage, context.region, context.check_concurrency) == ("dev", "eu-west-1", 7)
    assert context.settings == {"RATE_LIMIT_MAX": "10", "WELCOME_CREDITS": "4"}
    context = _stage(tmp_path, text, region="us-east-1", alarm_email="", settings='{"RATE_LIMIT_MAX": 3}')
    assert (context.region, context.alarm_email) == ("us-east-1", None)
    assert context.settings == {"RATE_LIMIT_MAX": "3", "WELCOME_CREDITS": "4"}
    assert Context.of({"stage": "other"}, tmp_path).region == "ap-northeast-2"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "upstash_ulr = 'https://x.example'",
            r"dev\.toml: upstash_ulr: no such option; there are stage",
        ),
        ("stage = 'prod'", "the file's name is the stage"),
        ("region =", r"dev\.toml can't be read: Invalid value"),
        ("region = 'Seoul'", r"dev\.toml: region"),
        ("settings = 'RATE_LIMIT_MAX'", "settings is a table"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(ContextError, match=named):
        _stage(tmp_path, text, settings='{"RATE_LIMIT_MAX": 3}')


@pytest.mark.parametrize("stage", ["../dev", "dev/../dev", "DEV"])
def test_a_stage_is_no_path(tmp_path: Path, stage: str) -> None:
    with pytest.raises(ContextError, match="stage"):
        Context.of({"stage": stage}, tmp_path)


def test_an_unknown_option_of_the_command_line_is_refused_and_the_cdks_own_are_not() -> None:
    with pytest.raises(ContextError, match="alarm_mail: no such option"):
        _read(**URLS, alarm_mail="oncall@veil.example")
    known = {"cli-telemetry": False, "aws:cdk:bundling-stacks": ["**"], "@aws-cdk/core:checkSecretUsage": True}
    assert Context.read(App(context={**URLS, **known}).node).stage == "dev"


def test_the_example_has_every_option_as_it_is_by_default(tmp_path: Path) -> None:
    example = (STAGES / "example.toml").read_text()
    written = re.sub(r"^# ((\w+ = .*)|(\[settings\]))$", r"\1", example, flags=re.MULTILINE)
    assert tomllib.loads(written).keys() == Context.model_fields.keys() - {"stage"}
    of_a_pool = r"^(\w+_client_id|apple_\w+|app_callback) = .*$"  # these do not go with an issuer of one's own
    options = _stage(tmp_path, re.sub(of_a_pool, "", written, flags=re.MULTILINE))
    given = {"oidc_issuer", "oidc_audience", "upstash_url", "azure_face_url", "alarm_email", "mail_from", "settings"}
    given |= {"comfy_url"}
    given |= {"webhook_concurrency", "stage", "toss_client_key", "toss_billing_client_key", "prices", "app_callback"}
    given |= {f"{provider}_client_id" for provider in ("kakao", "naver", "apple", "google")}
    given |= {"apple_team_id", "apple_key_id", "events_url"}
    given |= {"morning_email", "budget_usd", "runbooks_url", "own_model"}
    given |= {
        "web_domain",
        "web_certificate",
        "api_domain",
        "api_certificate",
        "api_origin",
        "webhook_concurrency",
        "stage",
        "toss_client_key",
        "toss_billing_client_key",
        "prices",
    }
    for name in Context.model_fields.keys() - given:
        assert getattr(options, name) == Context.model_fields[name].default, name
    assert tomllib.loads(example) == {}


@pytest.mark.parametrize("chain", [" , ", "acme/portrait", "google/nano-banana,acme/portrait"])
def test_a_chain_without_a_model_that_is_one(chain: str) -> None:
    with pytest.raises(ContextError, match=r"(?s)GenerationsSettings: MODELS.*bytedance/seedream-4") as error:
        _read(**URLS, settings={"MODELS": chain}).overrides()
    assert all(f"{name}Settings: MODELS" in str(error.value) for name in ("Generations", "Webhook", "Sweeper"))


def test_an_empty_chain_is_no_default() -> None:
    with pytest.raises(ContextError, match="MODELS: Value error, names no model"):
        _read(**URLS, settings={"MODELS": ""}).overrides()


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        ("google/nano-banana", []),
        (f"{STRANGER},google/nano-banana", ["the first attempt at every image can show anyone"]),
        (f"google/nano-banana,{STRANGER},{STRANGER}", ["so an attempt can show anyone"]),
    ],
)
def test_a_model_that_keeps_nobody_is_noted_and_not_refused(chain: str, said: list[str]) -> None:
    notes = _read(**URLS, settings={"MODELS": chain}).notes()
    assert len(notes) == len(said)
    assert all(words in note and note.count(STRANGER) == 1 for words, note in zip(said, notes, strict=True))


def test_the_default_keeps_everybody() -> None:
    assert _read(**URLS).notes() == []


def test_events_go_nowhere_in_the_clear() -> None:
    assert _read(**URLS, events_url="https://hooks.example/veil").overrides()["EVENTS_URL"].startswith("https://")
    with pytest.raises(ContextError, match="EVENTS_URL"):
        _read(**URLS, events_url="http://hooks.example/veil").overrides()
