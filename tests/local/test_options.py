"""What the stack is told, for what was chosen."""

import json
from typing import Any

import pytest

from infra import bundling
from infra.context import Context
from local.cloud.options import Addresses, Options
from veil.settings import SettlementSettings

ADDRESSES = Addresses.at({"aws": 1, "detour": 5, "providers": 2, "comfy": 7, "api": 3, "s3": 4, "web": 6})


def settings(options: Options) -> dict[str, str]:
    return dict(json.loads(options.context(ADDRESSES)["settings"]))


def test_without_choices_the_functions_talk_to_the_stand_ins() -> None:
    told = settings(Options())
    told.pop("REKOGNITION_URL", None)
    assert told == {
        "REPLICATE_URL": "http://127.0.0.1:2/replicate",
        "AZURE_FACE_URL": "http://127.0.0.1:2/azure",
        "UPSTASH_URL": "http://127.0.0.1:2/upstash",
        "TOSS_URL": "http://127.0.0.1:2/toss",
        "TOSS_CLIENT_KEY": "test_ck_veil_payments",
        "TOSS_BILLING_CLIENT_KEY": "test_ck_veil_billing",
        "WEBHOOK_URL": "http://127.0.0.1:3",
        "WEB_URL": "http://127.0.0.1:6",
        "PRESIGN_ENDPOINT_URL": "http://127.0.0.1:4",
        "OUTPUT_ORIGINS": "http://127.0.0.1:2,https://*.replicate.delivery,https://replicate.delivery",
    }


def test_rekognition_is_the_stand_in_once_a_function_reads_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for fields, told in ((set(), None), ({"rekognition_url"}, "http://127.0.0.1:2/rekognition")):
        monkeypatch.setattr("local.cloud.options.FIELDS", fields)
        assert settings(Options()).get("REKOGNITION_URL") == told


def test_another_replicate_may_serve_its_own_outputs() -> None:
    chosen = settings(Options(replicate_url="http://127.0.0.1:9/a/b?c"))
    assert chosen["REPLICATE_URL"] == "http://127.0.0.1:9/a/b?c"
    origins = ("http://127.0.0.1:2", "http://127.0.0.1:9", *SettlementSettings.model_fields["output_origins"].default)
    assert tuple(chosen["OUTPUT_ORIGINS"].split(",")) == origins


def test_events_are_posted_where_a_developer_says() -> None:
    assert "events_url" not in Options().context(ADDRESSES)
    told = Options(events_url="http://127.0.0.1:9999/veil").context(ADDRESSES)
    assert Context.model_validate(told).overrides()["EVENTS_URL"] == "http://127.0.0.1:9999/veil"


def test_a_setting_that_is_given_wins() -> None:
    chosen = settings(Options(settings={"WEBHOOK_URL": "https://veil.example", "RATE_LIMIT_MAX": "50"}))
    assert chosen["WEBHOOK_URL"] == "https://veil.example"
    assert chosen["RATE_LIMIT_MAX"] == "50"


OWN = "comfy/qwen-image-edit"


@pytest.mark.parametrize(
    "given", [{"models": f"{OWN},google/nano-banana"}, {"settings": {"MODELS": f" {OWN} "}}], ids=str
)
def test_a_model_of_ones_own_brings_comfys_proxy(given: dict[str, Any]) -> None:
    options = Options(**given)
    assert (options.runs_comfy, options.chain[0]) == (True, OWN)
    assert settings(options)["COMFY_URL"] == "http://127.0.0.1:7"
    assert settings(options)["MODELS"].strip().startswith(OWN)


def test_a_comfy_elsewhere_needs_no_proxy_here() -> None:
    for options in (
        Options(models=OWN, comfy_url="https://dep-1.run.comfy.app"),
        Options(models=OWN, settings={"COMFY_URL": "https://dep-1.run.comfy.app"}),
    ):
        assert settings(options)["COMFY_URL"] == "https://dep-1.run.comfy.app"
        assert not options.runs_comfy
    assert not Options(models="google/nano-banana").runs_comfy
    assert Options(comfy_token="t").secret_values()["comfy-token"] == "t"


def test_a_phone_in_the_network_reaches_what_it_needs_and_no_more() -> None:
    at = Addresses.at({"aws": 1, "detour": 5, "providers": 2, "comfy": 7, "api": 3, "s3": 4, "web": 6}, "192.168.0.7")
    reached = (at.api, at.s3, at.providers, at.web)
    assert reached == tuple(f"http://192.168.0.7:{port}" for port in (3, 4, 2, 6))
    assert (at.aws, at.detour, at.comfy) == ("https://127.0.0.1:1", "https://127.0.0.1:5", "http://127.0.0.1:7")


def test_the_real_replicate_comes_through_tunnels() -> None:
    chosen = settings(Options(public_url="https://api.tunnel.example", public_photos_url="https://s3.tunnel.example"))
    assert chosen["WEBHOOK_URL"] == "https://api.tunnel.example"
    assert chosen["PRESIGN_ENDPOINT_URL"] == "https://s3.tunnel.example"


@pytest.mark.parametrize("system", ["linux", "macos"])
def test_the_layers_are_for_the_machine_that_runs_the_functions(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr("local.cloud.options.SYSTEM", system)
    context = Context.model_validate(Options().context(ADDRESSES))
    assert (context.architecture, context.system) in bundling.PLATFORMS
    assert context.system == system


def test_the_stack_accepts_it() -> None:
    context = Context.model_validate(Options().context(ADDRESSES))
    assert context.overrides() == settings(Options())
    assert context.stage == "local"
    assert context.api_origin == ADDRESSES.api


def test_secrets_that_are_not_given_differ_from_run_to_run_and_stay_out_of_the_context() -> None:
    one, two = Options(), Options()
    assert set(one.secret_values().values()).isdisjoint(two.secret_values().values())
    assert one.context(ADDRESSES) == two.context(ADDRESSES)


@pytest.mark.parametrize(
    "options", [Options(replicate_token="given"), Options(azure_face_key="given"), Options(upstash_token="given")]
)
def test_a_secret_that_is_given_is_used(options: Options) -> None:
    assert "given" in options.secret_values().values()
