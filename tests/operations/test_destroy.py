"""A stage is deleted when its name was typed, and never prod."""

from typing import Any

import pytest

from infra.secret_names import SIGN_IN
from operations.account import Account
from operations.ask import Ask
from operations.destroy import Destroy
from operations.errors import OperationError
from operations.progress import Progress
from tests.operations.aws import Answer, Refusal, stubbed

BUCKET = "veil-dev-123456789012-eu-west-1"
WEB_BUCKET = "veil-dev-web-123456789012-eu-west-1"
ME: Answer = ("get_caller_identity", {"Account": "123456789012"})
GONE = Refusal("get_template", "ValidationError", "Stack with id veil-dev does not exist")
NO_GPU = Refusal("get_template", "ValidationError", "Stack with id veil-dev-own-model does not exist")
DELETE: Answer = ("delete_stack", {})
NO_BUCKET = Refusal("list_objects_v2", "NoSuchBucket")
PAGES: list[Answer] = [
    (
        "list_objects_v2",
        {"Contents": [{"Key": "inputs/1"}, {"Key": "results/1"}], "NextContinuationToken": "more", "IsTruncated": True},
    ),
    ("delete_objects", {}),
    ("list_objects_v2", {"Contents": [{"Key": "results/2"}]}),
    ("delete_objects", {}),
]

WEB: list[Answer] = [("list_objects_v2", {"Contents": [{"Key": "index.html"}]}), ("delete_objects", {})]


def stands() -> Answer:
    return "get_template", {"TemplateBody": "{}"}  # botocore parses it in place


def ended(status: str) -> Answer:
    stack: dict[str, Any] = {"StackName": "veil-dev", "StackStatus": status, "CreationTime": 0}
    return "describe_stacks", {"Stacks": [stack]}


def _event(service: str) -> str:
    return {"secretsmanager": "secrets-manager"}.get(service, service)


def destroy(
    *answers: str, stage: str = "dev", yes: bool = False, asked: list[str] | None = None, **services: list[Answer]
) -> list[tuple[str, Any]]:
    """The calls that change something, in order; ``asked`` takes the questions."""
    given, questions = iter(answers), [] if asked is None else asked

    def answer(question: str) -> str:
        questions.append(question)
        return next(given)

    client = stubbed(sts=[ME], secretsmanager=[("delete_secret", {})] * len(SIGN_IN), **services)
    calls: list[tuple[str, Any]] = []
    for service in (*services, "secretsmanager"):
        for call in ("DeleteObjects", "DeleteStack", "DeleteSecret"):
            event = f"provide-client-params.{_event(service)}.{call}"
            client(service).meta.events.register(event, lambda params, model, **_: calls.append((model.name, params)))
    ask = Ask(yes, lambda: True, answer)
    Destroy(stage, Account("eu-west-1", client), ask, Progress(), lambda _: None)()
    return calls


def test_all_of_a_stage_is_gone() -> None:
    aws: list[Answer] = [NO_GPU, stands(), DELETE, ended("DELETE_COMPLETE")]
    calls = destroy("veil-dev", s3=[*PAGES, *WEB], cloudformation=aws)
    emptied, (stack, *keys_of_sign_in) = calls[:3], calls[3:]
    keys = [(params["Bucket"], [one["Key"] for one in params["Delete"]["Objects"]]) for _, params in emptied]
    assert keys == [
        (BUCKET, ["inputs/1", "results/1"]), (BUCKET, ["results/2"]), (WEB_BUCKET, ["index.html"]),
    ]  # fmt: skip
    assert stack == ("DeleteStack", {"StackName": "veil-dev"})
    taken = {params["SecretId"]: params["ForceDeleteWithoutRecovery"] for _, params in keys_of_sign_in}
    assert taken == dict.fromkeys([f"veil-dev/{secret.name}" for secret in SIGN_IN.values()], True)


def test_a_run_that_was_stopped_behind_the_bucket_goes_on() -> None:
    aws: list[Answer] = [NO_GPU, stands(), DELETE, ended("DELETE_COMPLETE")]
    names = [name for name, _ in destroy(yes=True, s3=[NO_BUCKET, NO_BUCKET], cloudformation=aws)]
    assert names == ["DeleteStack", *["DeleteSecret"] * len(SIGN_IN)]


def test_what_aws_could_not_delete_is_told() -> None:
    with pytest.raises(OperationError, match="run this again"):
        destroy(yes=True, s3=[NO_BUCKET, NO_BUCKET], cloudformation=[NO_GPU, stands(), DELETE, ended("DELETE_FAILED")])


def test_a_gpu_of_ones_own_goes_first() -> None:
    """It costs money by the hour; no part of the stage is in its stack, so nothing else would delete it."""
    questions: list[str] = []
    gone = [DELETE, ended("DELETE_COMPLETE")]
    aws: list[Answer] = [stands(), stands(), *gone, *gone]
    calls = destroy("veil-dev", asked=questions, s3=[NO_BUCKET, NO_BUCKET], cloudformation=aws)
    deleted = [params["StackName"] for name, params in calls if name == "DeleteStack"]
    assert deleted == ["veil-dev-own-model", "veil-dev"]
    assert "veil-dev-own-model" in questions[0]


def test_a_gpu_that_another_run_left_behind() -> None:
    aws: list[Answer] = [stands(), GONE, DELETE, ended("DELETE_COMPLETE")]
    calls = destroy("veil-dev", s3=[NO_BUCKET, NO_BUCKET], cloudformation=aws)
    assert [params["StackName"] for name, params in calls if name == "DeleteStack"] == ["veil-dev-own-model"]


def test_a_gpu_that_aws_could_not_delete_stops_the_rest() -> None:
    """So that it is not forgotten."""
    with pytest.raises(OperationError, match="not deleted veil-dev-own-model"):
        destroy(yes=True, s3=[], cloudformation=[stands(), stands(), DELETE, ended("DELETE_FAILED")])


@pytest.mark.parametrize("typed", ["", "y", "dev", "veil-prod"])
def test_without_its_name_nothing_is_done(typed: str) -> None:
    with pytest.raises(OperationError, match="nothing was changed"):
        destroy(typed, s3=[], cloudformation=[NO_GPU, stands()])


def test_prod_is_not_deleted() -> None:
    with pytest.raises(OperationError, match="protected"):
        destroy(stage="prod", yes=True)


def test_a_stage_that_is_not_there() -> None:
    with pytest.raises(OperationError, match="there is no stack veil-dev in eu-west-1"):
        destroy(yes=True, cloudformation=[NO_GPU, GONE])
