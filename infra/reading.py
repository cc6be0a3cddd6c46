"""What somebody needs who only looks at a stage: the audit of each night, and `operations status`.

Plain data: nothing here imports the CDK. `tests/e2e/test_reading.py` runs both with these rights and no others.
"""

from collections.abc import Sequence

from infra.statements import Statement, of_stage

# Objects are looked at in the stage's own role for it, which is taken on; nothing here
# reads a secret or an object, nor a log but the sweeper's, which tells when it last ran.
READING: Sequence[Statement] = (
    {
        "Effect": "Allow",
        "Action": ["cloudformation:DescribeStacks", "cloudformation:ListStackResources"],
        "Resource": "arn:aws:cloudformation:*:*:stack/veil-{stage}/*",
    },
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/veil-{stage}-Auditor*"},
    {
        "Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"],
        "Resource": "arn:aws:dynamodb:*:*:table/veil-{stage}-*",  # and its index
    },
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::veil-{stage}-*"},
    {
        "Effect": "Allow",
        "Action": "lambda:GetFunctionConfiguration",
        "Resource": "arn:aws:lambda:*:*:function:veil-{stage}-*",
    },
    {"Effect": "Allow", "Action": "sqs:GetQueueAttributes", "Resource": "arn:aws:sqs:*:*:veil-{stage}-*"},
    {
        "Effect": "Allow",
        "Action": "logs:FilterLogEvents",
        "Resource": "arn:aws:logs:*:*:log-group:/aws/lambda/veil-{stage}-sweeper*",
    },
    # Composite alarms are told to whom may ask for all alarms; metrics know no resources.
    {"Effect": "Allow", "Action": ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"], "Resource": "*"},
)


def reading(stage: str) -> list[dict[str, str | list[str]]]:
    """The statements of a policy that lets its holder audit ``stage`` and ask for its status, and change nothing."""
    return of_stage(READING, stage)
