"""The policy in the guide of the first deployment: what the operations call, and nothing of another stage."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

from infra.deploying import deploying
from infra.reading import reading
from local.processes import ROOT

GUIDE = (ROOT / "docs" / "guides" / "first-deployment.md").read_text(encoding="utf-8")
# What the operations call, by the actions that allow it; `make load` and a pipeline call no more.
CALLED = {
    "cloudformation:DescribeStacks", "cloudformation:ListStackResources", "cloudformation:GetTemplate",
    "cloudformation:DeleteStack",
    "cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData",
    "cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword", "cognito-idp:AdminInitiateAuth",
    "cognito-idp:AdminDeleteUser", "cognito-idp:DescribeIdentityProvider", "cognito-idp:UpdateIdentityProvider",
    "dynamodb:GetItem", "dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem",
    "dynamodb:Query", "dynamodb:Scan",
    "lambda:GetFunctionConfiguration",
    "s3:ListBucket", "s3:DeleteObject",
    "s3:GetObject", "s3:PutObject", "cloudfront:CreateInvalidation",
    "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue",
    "secretsmanager:CreateSecret", "secretsmanager:DeleteSecret",
    "sqs:SendMessage", "sqs:GetQueueAttributes",
    "ssm:GetParameter",
}  # fmt: skip
BESIDE = {"sts:AssumeRole", "logs:FilterLogEvents"}  # the CDK's own roles and the auditor's, and looking at logs
ANYWHERE = {
    "cloudfront",
    "cloudwatch",
    "cognito-idp",
    "logs",
}  # the ARN of a pool or of an edge has an id that is not known before; metrics have none


def statements() -> list[dict[str, Any]]:
    (policy,) = re.findall(r"^```json\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    return list(json.loads(policy)["Statement"])


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_it_allows_what_is_called_and_no_more() -> None:
    assert {action for one in statements() for action in _listed(one["Action"])} == CALLED | BESIDE


def test_the_pages_policy_is_what_a_pipelines_role_is_cut_from() -> None:
    assert statements() == deploying("dev")


def test_it_reaches_one_stage() -> None:
    for one in statements():
        services = {action.partition(":")[0] for action in _listed(one["Action"])}
        for resource in _listed(one["Resource"]):
            assert "veil-dev" in resource or "cdk-" in resource or services <= ANYWHERE, one


def test_it_reaches_the_stack_of_the_stages_gpu() -> None:
    """Which `make destroy` deletes, too: the stage's own pattern ends at the slash before the stack's id."""
    (stacks,) = [one["Resource"] for one in statements() if "cloudformation:DeleteStack" in _listed(one["Action"])]
    for stack in ("veil-dev", "veil-dev-own-model"):
        arn = f"arn:aws:cloudformation:eu-west-1:123456789012:stack/{stack}/1f2e"
        assert any(fnmatchcase(arn, pattern) for pattern in _listed(stacks)), stack


def test_who_only_looks_needs_no_more() -> None:
    allowed = CALLED | BESIDE
    assert {action for one in reading("dev") for action in _listed(one["Action"])} <= allowed
    changing = ("Put", "Update", "Delete", "Create", "Send", "Admin", "GetSecret", "GetObject")
    assert not [
        one for one in reading("dev") for action in _listed(one["Action"]) if any(word in action for word in changing)
    ]
