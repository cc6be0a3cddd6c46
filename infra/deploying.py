"""What somebody needs who deploys a stage and runs the operations on it, once the CDK is bootstrapped.

Plain data: nothing here imports the CDK. `docs/guides/first-deployment.md` shows it, and
`tests/operations/test_policy.py` holds the two together.
"""

from collections.abc import Mapping, Sequence

type Statement = Mapping[str, str | Sequence[str]]

# ``{stage}`` is the stage's name.
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


def deploying(stage: str) -> list[dict[str, str | list[str]]]:
    """The statements of a policy that lets its holder deploy ``stage``, and run every operation on it."""
    return [{name: _of(stage, value) for name, value in statement.items()} for statement in DEPLOYING]


def by_pipeline(stage: str) -> list[dict[str, str | list[str]]]:
    """The statements for a pipeline that deploys ``stage`` and tries it: no secret is put, nothing destroyed, of the
    buckets the web client's alone is reached.
    """
    kept = []
    for statement in deploying(stage):
        actions = [action for action in listed(statement["Action"]) if action in BY_PIPELINE]
        resources = [_narrowed(stage, each) for each in listed(statement["Resource"]) if "-Auditor" not in each]
        if actions:
            kept.append({**statement, "Action": actions, "Resource": resources})
    return kept


def _narrowed(stage: str, resource: str) -> str:
    return resource.replace(f":s3:::veil-{stage}-*", f":s3:::veil-{stage}-web-*")


def listed(value: str | list[str]) -> list[str]:
    """The values of an element of a statement, which may be one alone."""
    return [value] if isinstance(value, str) else value


def _of(stage: str, value: str | Sequence[str]) -> str | list[str]:
    if isinstance(value, str):
        return value.replace("{stage}", stage)
    return [each.replace("{stage}", stage) for each in value]
