"""Each function is deployed as its row says: with its settings and its layers, and no secret's value."""

from typing import Any

import pytest

from infra.function_table import FUNCTIONS
from infra.names import deployed_functions
from tests.infra.synthesized import Synthesized

LIBRARIES = {
    "PYDANTIC_DISABLE_PLUGINS",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_environment_has_the_settings_of_the_model_and_no_others(dev: Synthesized, function: str) -> None:
    environ = _environ(dev, function)
    model = FUNCTIONS[function].settings
    assert environ.keys() - LIBRARIES <= {name.upper() for name in model.model_fields}
    known_later = "https://made.example"
    loaded = model.load({name: value if isinstance(value, str) else known_later for name, value in environ.items()})
    assert loaded.stage == "dev"
    assert environ["POWERTOOLS_SERVICE_NAME"] == function
    assert environ["POWERTOOLS_METRICS_NAMESPACE"] == "Veil"


def test_callbacks_keep_a_share_where_a_stage_says_so(dev: Synthesized, prod: Synthesized) -> None:
    for stack, share in ((dev, None), (prod, 50)):
        found = {
            function["FunctionName"].rpartition("-")[2]: function.get("ReservedConcurrentExecutions")
            for function in stack.of_type("AWS::Lambda::Function").values()
        }
        assert {name: found[name] for name in FUNCTIONS} == {**dict.fromkeys(FUNCTIONS), "webhook": share}


def test_only_who_looks_again_and_again_may_go_on_past_lambdas_loop_detection(dev: Synthesized) -> None:
    """Lambda drops a message to whoever has been invoked 16 times in one chain. Who sends to a queue of its own either
    goes on for longer, or is named here: a post follows an announcement, and a card is registered, an old one's key
    deleted, a month charged.
    """
    short = {"notify", "charger"}
    own = {
        name
        for name in FUNCTIONS
        if _resources(dev, name, "sqs:SendMessage") & _resources(dev, name, "sqs:ReceiveMessage")
    }
    unstopped = {name for name in FUNCTIONS if dev.function(name).get("RecursiveLoop") == "Allow"}
    assert (own, unstopped) == ({"poll", *short}, {"poll"})


def test_an_override_reaches_every_function_that_has_the_setting(dev: Synthesized) -> None:
    having = {name for name in FUNCTIONS if "WELCOME_CREDITS" in _environ(dev, name)}
    assert having == {name for name, spec in FUNCTIONS.items() if "welcome_credits" in spec.settings.model_fields}
    assert {_environ(dev, name)["WELCOME_CREDITS"] for name in having} == {"12"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_secrets_are_named_and_never_given(dev: Synthesized, function: str) -> None:
    names = {secret["Name"] for secret in dev.of_type("AWS::SecretsManager::Secret").values()}
    environ = _environ(dev, function)
    for field in FUNCTIONS[function].settings.model_fields:
        if field.endswith("_secret"):
            assert environ[field.upper()] in names
    assert "{{resolve:" not in str(environ)


def test_secrets_are_generated_and_not_in_the_template(dev: Synthesized) -> None:
    secrets = dev.of_type("AWS::SecretsManager::Secret").values()
    assert {secret["Name"] for secret in secrets} == {
        f"veil-dev/{name}"
        for name in (
            "replicate-token", "webhook-signing-secret", "webhook-token-key", "azure-face-key", "upstash-token",
            "comfy-token", "events-signing-key",
            "cursor-key", "user-hash-key", "delivery-key", "toss-payments-key", "toss-billing-key", "toss-webhook-key",
        )
    }  # fmt: skip
    for secret in secrets:
        assert "SecretString" not in secret
        if secret["Name"] != "veil-dev/delivery-key":  # a function makes that one
            assert secret["GenerateSecretString"]["PasswordLength"] >= 64


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_the_table_says_is_deployed(dev: Synthesized, prod: Synthesized, function: str) -> None:
    properties, spec = dev.function(function), FUNCTIONS[function]
    assert (properties["MemorySize"], properties["Timeout"]) == (spec.memory_mb, spec.timeout_seconds)
    made = [next(iter(layer.values())) for layer in properties["Layers"]]
    assert sorted(name.removeprefix("Layers")[:-8].lower() for name in made) == sorted(spec.layers)
    assert properties["Runtime"] == "python3.13"
    assert properties["Handler"] == "veil.entry.handler"
    assert properties["Architectures"] == ["arm64"]
    assert prod.function(function)["Architectures"] == ["x86_64"]


def test_replicate_calls_the_api_back(dev: Synthesized) -> None:
    (api,) = dev.of_type("AWS::ApiGatewayV2::Api")
    for function in ("generations", "webhook", "sweeper"):
        assert _environ(dev, function)["WEBHOOK_URL"] == {"Fn::GetAtt": [api, "ApiEndpoint"]}


def test_outputs_name_what_scripts_need(dev: Synthesized) -> None:
    outputs = {name: output["Value"] for name, output in dev.template["Outputs"].items()}
    assert outputs.keys() >= {"ApiUrl", "ApiId", "TableName", "BucketName"}
    assert outputs["ReplicateTokenSecret"] == "veil-dev/replicate-token"
    functions = dev.of_type("AWS::Lambda::Function")
    named = {name: functions[value["Ref"]]["FunctionName"] for name, value in outputs.items() if "Function" in name}
    assert deployed_functions(named) == {name: f"veil-dev-{name}" for name in FUNCTIONS}


def _environ(dev: Synthesized, function: str) -> dict[str, Any]:
    variables: dict[str, Any] = dev.function(function)["Environment"]["Variables"]
    return variables


def _resources(dev: Synthesized, function: str, action: str) -> set[str]:
    """What it may do this to."""
    found: set[str] = set()
    for statement in dev.statements(function):
        actions, resources = (
            value if isinstance(value, list) else [value] for value in (statement["Action"], statement["Resource"])
        )
        if action in actions:
            found.update(map(str, resources))
    return found
