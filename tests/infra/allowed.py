"""What each function may do, by resource: written a second time, so that a right that slips into
`infra/function_table.py` fails a test. The stack is held against it, and so are the roles on the local cloud.

A prefix stands for the bucket's objects below it; a secret goes by the end of its name; ``account`` is any resource,
for actions that know none.
"""

WRITE_LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
CONSUME = {
    "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
}  # fmt: skip
_OF_ITS_OWN: dict[str, dict[str, set[str]]] = {
    "uploads": {
        "table": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "incoming/*": {"s3:PutObject"},
        "upstash-token": {"secretsmanager:GetSecretValue"},
    },
    "check": {
        "table": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "incoming/*": {"s3:GetObject", "s3:DeleteObject"},
        "inputs/*": {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
        "bucket": {"s3:ListBucket"},
        "azure-face-key": {"secretsmanager:GetSecretValue"},
        "queue": CONSUME,
    },
    "generations": {
        "table": {
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        },
        "inputs/*": {"s3:GetObject"},
        "delivery-key": {"secretsmanager:GetSecretValue"},
        "replicate-token": {"secretsmanager:GetSecretValue"},
        "comfy-token": {"secretsmanager:GetSecretValue"},
        "webhook-token-key": {"secretsmanager:GetSecretValue"},
        "upstash-token": {"secretsmanager:GetSecretValue"},
        "poll-queue": {"sqs:SendMessage"},
    },
    "webhook": {
        "table": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "results/*": {"s3:GetObject", "s3:PutObject"},
        "inputs/*": {"s3:GetObject"},
        "account": {"rekognition:CompareFaces"},
        "webhook-signing-secret": {"secretsmanager:GetSecretValue"},
        "replicate-token": {"secretsmanager:GetSecretValue"},
        "comfy-token": {"secretsmanager:GetSecretValue"},
        "webhook-token-key": {"secretsmanager:GetSecretValue"},
        "poll-queue": {"sqs:SendMessage"},
    },
    "poll": {
        "table": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "results/*": {"s3:GetObject", "s3:PutObject"},
        "inputs/*": {"s3:GetObject"},
        "account": {"rekognition:CompareFaces"},
        "replicate-token": {"secretsmanager:GetSecretValue"},
        "comfy-token": {"secretsmanager:GetSecretValue"},
        "webhook-token-key": {"secretsmanager:GetSecretValue"},
        "poll-queue": {"sqs:SendMessage"} | CONSUME,
    },
    "sweeper": {
        "table": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "index/work": {"dynamodb:Query"},
        "results/*": {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"},
        "inputs/*": {"s3:GetObject"},
        "account": {"rekognition:CompareFaces"},
        "replicate-token": {"secretsmanager:GetSecretValue"},
        "comfy-token": {"secretsmanager:GetSecretValue"},
        "webhook-token-key": {"secretsmanager:GetSecretValue"},
        "money-queue": {"sqs:SendMessage"},
        "eraser-queue": {"sqs:SendMessage"},
        "poll-queue": {"sqs:SendMessage"},
        "distribution": {"cloudfront:CreateInvalidation"},
    },
    "payments": {
        "table": {
            "dynamodb:GetItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        },
        "toss-payments-key": {"secretsmanager:GetSecretValue"},
        "toss-webhook-key": {"secretsmanager:GetSecretValue"},
        "cursor-key": {"secretsmanager:GetSecretValue"},
        "money-queue": {"sqs:SendMessage"},
        "money-key": {"kms:Encrypt"},
    },
    "charger": {
        "table": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "toss-payments-key": {"secretsmanager:GetSecretValue"},
        "toss-billing-key": {"secretsmanager:GetSecretValue"},
        "money-queue": {"sqs:SendMessage"} | CONSUME,
        "money-key": {"kms:Encrypt", "kms:Decrypt"},
    },
    "gallery": {
        "table": {
            "dynamodb:GetItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
        },
        "results/*": {"s3:DeleteObject"},
        "cursor-key": {"secretsmanager:GetSecretValue"},
        "delivery-key": {"secretsmanager:GetSecretValue"},
        "eraser-queue": {"sqs:SendMessage"},
        "distribution": {"cloudfront:CreateInvalidation"},
    },
    "eraser": {
        "table": {
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
        },
        "incoming/*": {"s3:DeleteObject", "s3:DeleteObjectVersion"},
        "inputs/*": {"s3:DeleteObject", "s3:DeleteObjectVersion"},
        "results/*": {"s3:DeleteObject", "s3:DeleteObjectVersion"},
        "bucket": {"s3:ListBucketVersions"},
        "replicate-token": {"secretsmanager:GetSecretValue"},
        "comfy-token": {"secretsmanager:GetSecretValue"},
        "eraser-queue": CONSUME,
        "distribution": {"cloudfront:CreateInvalidation"},
    },
    "keys": {
        "account": {
            "cloudfront:CreatePublicKey",
            "cloudfront:DeletePublicKey",
            "cloudfront:GetPublicKey",
            "cloudfront:ListPublicKeys",
            "cloudfront:CreateKeyGroup",
            "cloudfront:DeleteKeyGroup",
            "cloudfront:GetKeyGroup",
            "cloudfront:ListKeyGroups",
            "cloudfront:UpdateKeyGroup",
        },
        "delivery-key": {"secretsmanager:PutSecretValue"},
    },
}
_OF_EACH: dict[str, set[str]] = {"log": WRITE_LOG}
_OF_WHO_SERVES_USERS: dict[str, set[str]] = {"user-hash-key": {"secretsmanager:GetSecretValue"}}
ALLOWED = {
    function: {**allowed, **_OF_EACH, **({} if function == "keys" else _OF_WHO_SERVES_USERS)}
    for function, allowed in _OF_ITS_OWN.items()
}
