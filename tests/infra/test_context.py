"""What a deployment is told is checked before anything is built, and all that is wrong is named at once."""

from typing import Any

import pytest

import app as cdk_app

# isort: split
from aws_cdk import App

from infra.context import Context, ContextError

URLS = {"upstash_url": "https://limits.example", "azure_face_url": "https://face.example"}


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
        ({"architecture": "sparc", "region": "Seoul"}, ["architecture", "region"]),
        ({"system": "windows"}, ["system"]),
        ({"oidc_issuer": "https://login.example"}, ["oidc_issuer", "oidc_audience"]),
        ({"check_concurrency": "1"}, ["check_concurrency"]),
        ({"settings": "{not json"}, ["settings"]),
        ({"settings": '["a list"]'}, ["settings"]),
        ({"alarm_email": "nobody"}, ["alarm_email"]),
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


def test_the_command_line_ends_with_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="UPSTASH_URL"):
        cdk_app.main()
    assert capsys.readouterr().out == ""
