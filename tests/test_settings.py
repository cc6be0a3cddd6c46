"""Settings: wrong ones stop a function at its start, all named at once; docs/settings.md has a table of all."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from infra.function_table import FUNCTIONS
from local.simulated.environment import TABLE, environment
from veil.settings import GenerationsSettings, Settings, SettingsError, WebhookSettings
from veil.settings.notify import NotifySettings

FLUX, KONTEXT = "black-forest-labs/flux-1.1-pro", "black-forest-labs/flux-kontext-pro"
PAGE = Path(__file__).parents[1] / "docs" / "settings.md"

WHOLE = environment()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_whole_environment(function: str) -> None:
    settings = FUNCTIONS[function].settings.load({**WHOLE, "PATH": "/bin", "LANG": "C"})
    assert settings.stage == "test"
    assert not isinstance(settings, Settings) or settings.table_name == TABLE


@pytest.mark.parametrize("function", FUNCTIONS)
def test_all_that_is_missing_is_named_at_once(function: str) -> None:
    model = FUNCTIONS[function].settings
    with pytest.raises(SettingsError) as stopped:
        model.load({})
    required = {name.upper() for name, field in model.model_fields.items() if field.is_required()}
    assert set(re.findall(r"([A-Z_]{3,}): ", str(stopped.value))) == required
    assert ({"TABLE_NAME", "BUCKET_NAME"} <= required) == issubclass(model, Settings)


WRONG = {
    "TABLE_NAME": "x",
    "REPLICATE_URL": "ftp://secret-value",
    "WEBHOOK_URL": "secret-value",
    "MAX_ATTEMPTS": "secret-value",
    "PREDICTION_TIMEOUT_SECONDS": "4",
    "DUE_SECONDS": "90,secret-value",
    "WELCOME_CREDITS": "-1",
    "CREDITS_PER_IMAGE": "0",
    "IMAGES_PER_GENERATION": "9",
    "RATE_LIMIT_MAX": "0",
    "RATE_LIMIT_WINDOW_SECONDS": "1.5",
    "MODELS": "google/nano-banana,secret-value/model",
    "COST_PER_PREDICTION": "-0.04",
    "UPSTASH_URL": "",
}


def test_all_that_is_wrong_is_named_at_once_and_no_value_is_told() -> None:
    with pytest.raises(SettingsError) as stopped:
        GenerationsSettings.load({**WHOLE, **WRONG})
    message = str(stopped.value)
    assert all(f"{name}: " in message for name in WRONG)
    assert set(re.findall(r"([A-Z_]{3,}): ", message)) == set(WRONG)
    assert "secret-value" not in message
    assert stopped.value.__cause__ is None
    assert stopped.value.__suppress_context__


@pytest.mark.parametrize(
    "origins",
    [
        "",
        " , ",
        "replicate.delivery",
        "https://",
        "https://*",
        "https://a.*.b",
        "https://a.example/path",
        "https://u@a.example",
        "file:///",
        "https://a.example:999999",
        "https://a.example,ftp://b.example",
        "https://*.*.example",
    ],
)
def test_origins_that_are_none(origins: str) -> None:
    with pytest.raises(SettingsError, match="OUTPUT_ORIGINS"):
        WebhookSettings.load({**WHOLE, "OUTPUT_ORIGINS": origins})


@pytest.mark.parametrize("url", ["https://own.example:99999", "https://own.example:x/path", "https://["])
@pytest.mark.parametrize(("function", "name"), [("poll", "COMFY_URL"), ("notify", "EVENTS_URL")])
def test_an_address_that_nothing_can_be_sent_to(function: str, name: str, url: str) -> None:
    with pytest.raises(SettingsError, match=name):
        FUNCTIONS[function].settings.load({**WHOLE, name: url})


OWN = "comfy/qwen-image-edit"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"MODELS": OWN}, "there is no COMFY_URL"),
        ({"MODELS": f"{KONTEXT},{OWN}", "COMFY_URL": ""}, "there is no COMFY_URL"),
        ({"MODELS": f"{OWN},{KONTEXT}", "COMFY_URL": "https://comfy.test", "MAX_ATTEMPTS": "1"}, "MAX_ATTEMPTS ends"),
        ({"MODELS": f"{OWN},{OWN},{OWN},{KONTEXT}", "COMFY_URL": "https://comfy.test"}, "MAX_ATTEMPTS ends"),
    ],
)
def test_a_model_of_ones_own_that_could_cost_a_photo(changes: dict[str, str], why: str) -> None:
    """It has no address, or it would use up all attempts before another provider has its turn."""
    with pytest.raises(SettingsError, match=why):
        GenerationsSettings.load({**WHOLE, **changes})


@pytest.mark.parametrize("models", [OWN, f"{OWN},{KONTEXT}", f"{OWN},{OWN},{KONTEXT}"])
def test_a_model_of_ones_own(models: str) -> None:
    settings = GenerationsSettings.load({**WHOLE, "MODELS": models, "COMFY_URL": "https://comfy.test"})
    assert settings.models == tuple(models.split(","))
    assert settings.comfy_queue_max == 8


def test_values_as_they_are_written() -> None:
    written = {**WHOLE, "OUTPUT_ORIGINS": "https://a.example, http://127.0.0.1:8787", "DUE_SECONDS": "60, 120"}
    webhook = WebhookSettings.load({**written, "PRESIGN_ENDPOINT_URL": ""})
    assert webhook.output_origins == ("https://a.example", "http://127.0.0.1:8787")
    assert webhook.due_seconds == (60, 120)
    assert webhook.presign_endpoint_url is None
    generations = GenerationsSettings.load({**WHOLE, "COST_PER_PREDICTION": "0.039", "MODELS": f"{KONTEXT}, {FLUX}"})
    assert (generations.cost_per_prediction, generations.models) == (Decimal("0.039"), (KONTEXT, FLUX))


def test_consents_that_can_be_required() -> None:
    assert GenerationsSettings.load({**WHOLE, "REQUIRED_CONSENTS": ""}).required_consents == ()
    for wrong in ("cookies", "third_party_ai,cookies", "face_comparison"):  # nobody may have to give the last
        with pytest.raises(SettingsError, match="REQUIRED_CONSENTS"):
            GenerationsSettings.load({**WHOLE, "REQUIRED_CONSENTS": wrong})


def test_the_products_defaults() -> None:
    settings = GenerationsSettings.load(WHOLE)
    assert settings.required_consents == ("third_party_ai",)
    assert (settings.welcome_credits, settings.credits_per_image, settings.images_per_generation) == (4, 1, 4)
    assert (settings.rate_limit_max, settings.rate_limit_window_seconds) == (5, 600)
    assert settings.models == (KONTEXT, "google/nano-banana", "black-forest-labs/flux-2-pro")
    assert settings.cost_per_prediction is None
    origins = WebhookSettings.load(WHOLE).output_origins
    assert origins == ("https://*.replicate.delivery", "https://replicate.delivery")


@pytest.mark.parametrize(("budget", "fits"), [(0, True), (3, False), (4, True)])
def test_a_budget_has_one_welcome_or_none(budget: int, fits: bool) -> None:
    environ = {**WHOLE, "WELCOME_CREDITS": "4", "WELCOME_BUDGET_CREDITS_PER_DAY": str(budget)}
    if fits:
        assert GenerationsSettings.load(environ).welcome_budget_credits_per_day == budget
        return
    with pytest.raises(SettingsError, match="WELCOME_BUDGET_CREDITS_PER_DAY is too small for one welcome"):
        GenerationsSettings.load(environ)


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://hooks.example.com/veil?key=1", True),
        ("http://127.0.0.1:9999/veil", True),
        ("http://localhost:9999", True),
        ("http://[::1]:9999", True),
        ("", True),  # none
        ("http://hooks.example.com/veil", False),
        ("http://localhost.example.com", False),
        ("http://10.0.0.7/", False),
        ("https://user:password@hooks.example.com", False),
        ("hooks.example.com", False),
    ],
)
def test_events_go_by_tls_or_stay_on_this_machine(url: str, *, taken: bool) -> None:
    """They name users."""
    if taken:
        assert NotifySettings.load(environment(EVENTS_URL=url)).events_url == (url or None)
        return
    with pytest.raises(SettingsError, match="EVENTS_URL"):
        NotifySettings.load(environment(EVENTS_URL=url))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is None:
        return "none"
    values: Any = field.default if isinstance(field.default, tuple) else (field.default,)
    return "`" + ",".join(map(str, values)) + "`"


def _in_words(takers: list[str]) -> str:
    """Which functions they are, shortly where they are nearly all."""
    others = [name for name in FUNCTIONS if name not in takers]
    return ", ".join(takers) if len(others) > 1 else " but ".join(["all", *others])


def settings_table() -> list[str]:
    """The rows of docs/settings.md, one for each setting: name, the functions that take it, default, meaning."""
    takers: dict[str, list[str]] = {}
    fields: dict[str, FieldInfo] = {}
    for function, spec in FUNCTIONS.items():
        for name, field in spec.settings.model_fields.items():
            takers.setdefault(name, []).append(function)
            assert fields.setdefault(name, field).description == field.description
            assert field.description
    shared = set(Settings.model_fields)
    ordered = sorted(takers, key=lambda name: (name not in shared, takers[name] != list(FUNCTIONS), name))
    return [
        f"| `{name.upper()}` | {_in_words(takers[name])} | {_default(fields[name])} | {fields[name].description} |"
        for name in ordered
    ]


def test_the_page_has_every_setting_and_no_other() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| `[A-Z_]+` \|", line)]
    wanted = settings_table()
    assert sorted(rows) == sorted(wanted), "\n".join(["the table in docs/settings.md should be:", *wanted])
