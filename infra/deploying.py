"""What somebody needs who deploys a stage and runs the operations on it, once the CDK is bootstrapped.

Plain data: nothing here imports the CDK. `docs/guides/first-deployment.md` shows it, and
`tests/operations/test_policy.py` holds the two together.
"""

from collections.abc import Sequence

from infra.secret_names import SECRETS, SIGN_IN
from infra.statements import Statement, listed, of_stage

DEPLOYING: Sequence[Statement] = (
    {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Resource": ["arn:aws:iam::*:role/cdk-hnb659fds-*", "arn:aws:iam::*:role/veil-{stage}-Auditor*"],
    },
    {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "arn:aws:ssm:*:*:parameter/cdk-bootstrap/*"},
    {
        "Effect": "Allow",
        "Action": [
            "cloudformation:DescribeStacks", "cloudformation:ListStackResources", "cloudformation:GetTemplate",
            "cloudformation:DeleteStack",
        ],
        "Resource": [
            "arn:aws:cloudformation:*:*:stack/veil-{stage}/*",
            "arn:aws:cloudformation:*:*:stack/veil-{stage}-own-model/*",
        ],
    },
    {
        "Effect": "Allow",
        "Action": [
            "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue",
            "secretsmanager:CreateSecret", "secretsmanager:DeleteSecret",
        ],
        "Resource": "arn:aws:secretsmanager:*:*:secret:veil-{stage}/*",
    },
    {
        "Effect": "Allow",
        "Action": "lambda:GetFunctionConfiguration",
        "Resource": "arn:aws:lambda:*:*:function:veil-{stage}-*",
    },
    {
        "Effect": "Allow",
        "Action": ["sqs:SendMessage", "sqs:GetQueueAttributes"],
        "Resource": "arn:aws:sqs:*:*:veil-{stage}-*",
    },
    {
        "Effect": "Allow",
        "Action": [
            "dynamodb:GetItem", "dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem",
            "dynamodb:Query", "dynamodb:Scan",
        ],
        "Resource": "arn:aws:dynamodb:*:*:table/veil-{stage}-*",
    },
    {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:DeleteObject"],
        "Resource": ["arn:aws:s3:::veil-{stage}-*", "arn:aws:s3:::veil-{stage}-*/*"],
    },
    {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::veil-{stage}-web-*/*",
    },
    {"Effect": "Allow", "Action": "cloudfront:CreateInvalidation", "Resource": "*"},
    {
        "Effect": "Allow",
        "Action": [
            "cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword", "cognito-idp:AdminInitiateAuth",
            "cognito-idp:AdminDeleteUser", "cognito-idp:DescribeIdentityProvider", "cognito-idp:UpdateIdentityProvider",
        ],
        "Resource": "*",
    },
    {"Effect": "Allow", "Action": ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"], "Resource": "*"},
    {"Effect": "Allow", "Action": "logs:FilterLogEvents", "Resource": "*"},
)  # fmt: skip

# What `operations deploy`, its publication and `operations smoke` call of it: all that a pipeline does.
BY_PIPELINE = frozenset({
    "sts:AssumeRole", "ssm:GetParameter", "cloudformation:DescribeStacks", "cloudformation:GetTemplate",
    "secretsmanager:GetSecretValue", "lambda:GetFunctionConfiguration",
    "dynamodb:GetItem", "dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query",
    "s3:ListBucket", "s3:DeleteObject", "s3:GetObject", "s3:PutObject", "cloudfront:CreateInvalidation",
    "cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword", "cognito-idp:AdminInitiateAuth",
    "cognito-idp:AdminDeleteUser",
})  # fmt: skip

# Smoke's grant hashes its user's id; a deployment looks whether the keys of sign-in are there.
READ_BY_PIPELINE = (SECRETS["user_hash_key_secret"], *SIGN_IN.values())


def deploying(stage: str) -> list[dict[str, str | list[str]]]:
    """The statements of a policy that lets its holder deploy ``stage``, and run every operation on it."""
    return of_stage(DEPLOYING, stage)


def by_pipeline(stage: str) -> list[dict[str, str | list[str]]]:
    """The statements for a pipeline that deploys ``stage`` and tries it: no secret is put, no provider's key read,
    nothing destroyed, of the buckets the web client's alone is reached.
    """
    kept = []
    for statement in deploying(stage):
        actions = [action for action in listed(statement["Action"]) if action in BY_PIPELINE]
        resources = [part for each in listed(statement["Resource"]) for part in _narrowed(stage, each)]
        if actions:
            kept.append({**statement, "Action": actions, "Resource": resources})
    return kept


def _narrowed(stage: str, resource: str) -> list[str]:
    """What a pipeline reaches of it."""
    if "-Auditor" in resource or "-own-model" in resource:
        return []
    if resource.endswith(f":secret:veil-{stage}/*"):  # AWS ends a secret's name with a hyphen and six letters
        return [f"{resource.removesuffix('*')}{secret.name}*" for secret in READ_BY_PIPELINE]
    return [resource.replace(f":s3:::veil-{stage}-*", f":s3:::veil-{stage}-web-*")]
