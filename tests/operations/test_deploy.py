"""Before the CDK starts: what is missing is said, what would be lost is asked about."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.context import Context, ContextError
from operations import __main__ as commands
from operations.account import BOOTSTRAPPED, Account
from operations.ask import Ask
from operations.changes import taken_away
from operations.deploy import Deploy, bootstrap
from operations.errors import OperationError
from tests.operations.aws import Answer, Refusal, stubbed

FOREIGN = {"oidc_issuer": "https://login.example", "oidc_audience": "veil"}
GIVEN = {"upstash_url": "https://limits.example", "azure_face_url": "https://face.example"}
ME: Answer = ("get_caller_identity", {"Account": "123456789012"})
READY: Answer = ("get_parameter", {"Parameter": {"Name": BOOTSTRAPPED, "Value": "21"}})
NO_STACK = Refusal("get_template", "ValidationError", "Stack with id veil-dev does not exist")


def template(*, pool: bool = False, told: str | None = None, kakao: str | None = None) -> dict[str, Any]:
    """A deployed stack's, with what is looked at."""
    trusted = {"Issuer": "https://login.example", "Audience": ["veil"]}
    resources = [{"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {"JwtConfiguration": trusted}}]
    if pool:
        resources.append({"Type": "AWS::Cognito::UserPool"})
    if kakao:
        provider = {"ProviderName": "Kakao", "ProviderDetails": {"client_id": kakao}}
        resources.append({"Type": "AWS::Cognito::UserPoolIdentityProvider", "Properties": provider})
    if told:
        resources.append({"Type": "AWS::SNS::Subscription", "Properties": {"Protocol": "email", "Endpoint": told}})
    return {"Resources": {str(number): each for number, each in enumerate(resources)}}


def asking(*answers: str, terminal: bool = True, yes: bool = False) -> Ask:
    given = iter(answers)
    return Ask(yes, lambda: terminal, lambda _: next(given))


class Ran:
    """What was run and said in the place of a deployment."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, ...]] = []
        self.said: list[str] = []
        self.steps: list[str] = []

    def run(self, *arguments: str, **_: object) -> None:
        self.steps.append(arguments[0])
        self.commands.append(arguments)

    def build(self) -> None:
        self.steps.append("build")

    def publish(self, stage: str, account: Account) -> None:
        self.steps.append(f"publish {stage} in {account.region}")

    def deploy(
        self,
        ask: Ask,
        template: dict[str, Any] | None = None,
        context: Mapping[str, Any] = FOREIGN,
        dropped: tuple[str, ...] = (),
    ) -> None:
        deployed: Answer = NO_STACK if template is None else ("get_template", {"TemplateBody": json.dumps(template)})
        keys: list[Answer] = [("get_secret_value", {"SecretString": "a key"})]
        account = Account("eu-west-1", stubbed(sts=[ME], ssm=[READY], cloudformation=[deployed], secretsmanager=keys))
        told = Context.of({**GIVEN, **context})
        Deploy(told, dropped, [], account, ask, self.run, self.build, self.publish, self.said.append)()


def test_a_first_deployment_is_asked_about_and_says_what_comes_next() -> None:
    ran = Ran()
    ran.deploy(asking("y"), context={"settings": {"RATE_LIMIT_MAX": "3"}}, dropped=("alarm_email",))
    (command,) = ran.commands
    assert command[:2] == ("deploy", "veil-dev")
    told = dict(option.split("=", 1) for option in command[3::2])
    assert told == {**GIVEN, "stage": "dev", "settings": '{"RATE_LIMIT_MAX": "3"}', "alarm_email": ""}
    assert ran.steps == ["build", "deploy", "publish dev in eu-west-1"]
    assert ran.said[0] == "veil-dev in account 123456789012, eu-west-1"
    assert "next: make secrets STAGE=dev" in ran.said[-1]


def own_model(context: Mapping[str, Any], deployed: Answer) -> tuple[Ran, Deploy]:
    ran = Ran()
    account = Account("eu-west-1", stubbed(sts=[ME], ssm=[READY], cloudformation=[deployed]))
    told = Context.of({**GIVEN, **FOREIGN, **context})
    how = (asking(yes=True), ran.run, ran.build, ran.publish, ran.said.append)
    return ran, Deploy(told, [], [], account, *how, own_model=True)


def test_a_gpu_of_ones_own_is_deployed_apart() -> None:
    """Nothing of the stage is built, deployed or published with it."""
    ran, deploy = own_model({"own_model": "spot"}, ("get_template", {"TemplateBody": json.dumps(template())}))
    deploy()
    assert [command[:2] for command in ran.commands] == [("deploy", "veil-dev-own-model")]
    assert "own_model=spot" in ran.commands[0]
    assert ran.steps == ["deploy"]
    assert "next: comfy_url = " in ran.said[-1]


def test_a_gpu_needs_its_line_and_its_stage() -> None:
    for context, deployed, why in (
        ({}, ("get_template", {"TemplateBody": "{}"}), "has no own_model"),
        ({"own_model": "spot"}, NO_STACK, "deploy the stage first"),
    ):
        ran, deploy = own_model(context, deployed)
        with pytest.raises(OperationError, match=why):
            deploy()
        assert ran.commands == []


def test_a_pipeline_says_yes_beforehand() -> None:
    ran = Ran()
    ran.deploy(asking(yes=True, terminal=False), template())
    assert "--require-approval=never" in ran.commands[0]
    with pytest.raises(OperationError, match="no terminal: add --yes"):
        ran.deploy(asking(terminal=False), template())
    assert len(ran.commands) == 1


@pytest.mark.parametrize(
    ("deployed", "context", "lost"),
    [
        (template(), FOREIGN, []),
        (template(pool=True), {}, []),
        (template(told="a@veil.example"), {**FOREIGN, "alarm_email": "a@veil.example"}, []),
        (template(), {}, ["The login changes, from https://login.example to the stack's own Cognito user pool"]),
        (template(pool=True), FOREIGN, ["The login changes, from the stack's own Cognito user pool to https://login."]),
        (template(), {**FOREIGN, "oidc_audience": "app"}, ["Tokens for veil are accepted no more."]),
        (template(), {**FOREIGN, "oidc_audience": "app, veil"}, []),
        (template(pool=True, kakao="1"), {"kakao_client_id": "1"}, []),
        (template(pool=True, kakao="1"), {}, ["Who signed in with Kakao can't any more."]),
        (template(pool=True, kakao="1"), {"kakao_client_id": "2"}, ["Who signed in with Kakao is somebody new to it"]),
        (template(told="a@veil.example"), FOREIGN, ["a@veil.example is told of alarms no more."]),
        (
            template(told="a@veil.example"),
            {**FOREIGN, "alarm_email": "b@veil.example"},
            ["a@veil.example is told of alarms no more."],
        ),
    ],
)
def test_what_people_would_lose_is_asked_about(
    deployed: dict[str, Any], context: dict[str, str], lost: list[str]
) -> None:
    said = taken_away(deployed, Context.of({**GIVEN, **context}))
    assert [each[: len(wanted)] for each, wanted in zip(said, lost, strict=True)] == lost
    ran = Ran()
    if lost:
        with pytest.raises(OperationError, match="nothing was changed"):
            ran.deploy(asking("n"), deployed, context)
        assert not ran.commands
    ran.deploy(asking(*["yes"] * len(lost)), deployed, context)
    assert len(ran.commands) == 1


def test_without_a_bootstrap() -> None:
    account = Account("eu-west-1", stubbed(sts=[ME], ssm=[Refusal("get_parameter", "ParameterNotFound")]))
    with pytest.raises(OperationError, match="type 'make bootstrap STAGE=dev'"):
        Deploy(Context.of(GIVEN), [], [], account, asking(yes=True))()


def test_a_missing_option_is_said_before_aws_is_asked() -> None:
    with pytest.raises(ContextError, match="UPSTASH_URL"):
        Deploy(Context.of({}), [], [], Account("eu-west-1", stubbed()), asking(yes=True))()


def test_bootstrap(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran()
    bootstrap("dev", Account("eu-west-1", stubbed(sts=[ME])), ran.run)
    assert ran.commands == [("bootstrap", "aws://123456789012/eu-west-1")]
    assert "next: make deploy STAGE=dev" in capsys.readouterr().out


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answers for the account that a command asks; the list of the regions that are asked."""
    asked: list[str] = []

    def answering(**services: list[Answer]) -> list[str]:
        def account(region: str) -> Account:
            asked.append(region)
            return Account(region, stubbed(**services))

        monkeypatch.setattr(commands, "Account", account)
        return asked

    return answering


def test_the_region_is_that_of_the_stages_file(
    accounts: Callable[..., list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dev.toml").write_text("region = 'eu-west-3'")
    missing = Refusal("describe_stacks", "ValidationError", "Stack with id veil-dev does not exist")
    asked = accounts(cloudformation=[missing])
    place = ["--stage", "dev", "--stages", str(tmp_path)]
    assert commands.main(["audit", *place]) == 1
    assert "there is no stack veil-dev in eu-west-3: type 'make deploy STAGE=dev'" in capsys.readouterr().err
    accounts(cloudformation=[missing])
    assert commands.main(["grant", *place, "--region", "us-east-1", "alice", "4"]) == 1
    assert asked == ["eu-west-3", "us-east-1"]


@pytest.mark.parametrize("wrong", ["upstash_url", "stage=prod", "upstash_ulr=https://x.example"])
def test_a_malformed_option_is_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, wrong: str) -> None:
    assert commands.main(["deploy", "--stage", "dev", "--stages", str(tmp_path), "-c", wrong]) == 1
    error = capsys.readouterr().err
    assert error.startswith("operations: ")
    assert wrong.partition("=")[0] in error
    assert error.count("\n") == 1
