"""What would fail in the middle is said beforehand; at the end stands what to copy into GitHub's settings."""

import json
from itertools import pairwise
from typing import Any

import pytest

from infra.pipeline_names import PipelineOptions
from operations import __main__ as commands
from operations.account import BOOTSTRAPPED, Account
from operations.ask import Ask
from operations.errors import OperationError
from operations.pipeline import MakePipeline
from tests.operations.aws import Answer, Refusal, stubbed

ME: Answer = ("get_caller_identity", {"Account": "123456789012"})
READY: Answer = ("get_parameter", {"Parameter": {"Name": BOOTSTRAPPED, "Value": "21"}})
GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
OTHER = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
NO_STACK = Refusal("get_template", "ValidationError", "Stack with id veil-pipeline does not exist")
ROLES = {name: f"arn:aws:iam::123456789012:role/{name}" for name in ("DevRoleArn", "ProdRoleArn", "AuditRoleArn")}


def providers(*arns: str) -> Answer:
    return "list_open_id_connect_providers", {"OpenIDConnectProviderList": [{"Arn": arn} for arn in arns]}


def stack(kind: str) -> Answer:
    return "get_template", {"TemplateBody": json.dumps({"Resources": {"GitHub": {"Type": kind}}})}


def made() -> Answer:
    outputs = [{"OutputKey": name, "OutputValue": value} for name, value in ROLES.items()]
    described: dict[str, Any] = {
        "StackName": "veil-pipeline", "StackStatus": "CREATE_COMPLETE", "CreationTime": 0, "Outputs": outputs,
    }  # fmt: skip
    return "describe_stacks", {"Stacks": [described]}


def make(
    iam: Answer, *cloudformation: Answer, yes: bool = True, ready: Answer = READY, existing: bool = False
) -> tuple[list[tuple[str, ...]], str]:
    """What the CDK was asked, and what was said."""
    ran: list[tuple[str, ...]] = []
    said: list[str] = []
    clients = stubbed(sts=[ME], ssm=[ready], iam=[iam], cloudformation=list(cloudformation))
    options = PipelineOptions(repository="veil-team/veil", region="eu-west-1", existing_provider=existing)
    ask = Ask(yes, lambda: True, lambda _: "n")
    MakePipeline(options, Account("eu-west-1", clients), ask, lambda *words: ran.append(words), said.append)()
    return ran, "\n".join(said)


def test_the_first_time() -> None:
    ((command, *words),), said = make(providers(OTHER), made())
    assert command == "deploy"
    assert words[:2] == ["--app", "python3 -m infra.pipeline"]
    told = dict(option.split("=", 1) for flag, option in pairwise(words) if flag == "--context")
    assert PipelineOptions.of(dict(told)).repository == "veil-team/veil"
    assert "--require-approval=never" in words
    assert f"dev: AWS_ROLE = {ROLES['DevRoleArn']}, AWS_REGION = eu-west-1" in said
    reads = ROLES["AuditRoleArn"]
    assert f"audit: AWS_ROLE_DEV = {reads}, AWS_ROLE_PROD = {reads}, AWS_REGION = eu-west-1" in said


def test_again_where_the_provider_is_the_stacks_own() -> None:
    ran, _ = make(providers(GITHUB), stack("AWS::IAM::OIDCProvider"), made())
    assert len(ran) == 1


@pytest.mark.parametrize("before", [NO_STACK, stack("AWS::IAM::Role")])
def test_a_provider_from_elsewhere_is_not_made_again(before: Answer) -> None:
    with pytest.raises(OperationError, match="--existing-provider"):
        make(providers(GITHUB), before)
    ran, _ = make(providers(GITHUB), made(), existing=True)
    assert "existing_provider=true" in ran[0]


def test_a_provider_that_is_not_there_can_not_be_taken() -> None:
    with pytest.raises(OperationError, match="leave --existing-provider out"):
        make(providers(OTHER), existing=True)


def test_without_a_bootstrap() -> None:
    with pytest.raises(OperationError, match="type 'make bootstrap STAGE=dev'"):
        make(providers(), ready=Refusal("get_parameter", "ParameterNotFound"))


def test_without_a_yes_nothing_is_changed() -> None:
    with pytest.raises(OperationError, match="nothing was changed"):
        make(providers(), yes=False)


@pytest.mark.parametrize("repository", ["veil", "a/b/c", ""])
def test_a_wrong_repository_is_a_line(capsys: pytest.CaptureFixture[str], repository: str) -> None:
    assert commands.main(["pipeline", "--repository", repository]) == 1
    said = capsys.readouterr().err
    assert said.startswith("operations: pipeline: repository: ")
    assert said.count("\n") == 1
