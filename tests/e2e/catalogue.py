"""Calls to AWS that a function might make if it were somebody else's: what it needs and what it must not do, alike.

Every call is harmless also to whom it is allowed: it fails for another reason, or changes nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from infra.secret_names import SECRETS
from local.cloud.aws import ACCOUNT, REGION
from local.cloud.options import STAGE
from local.cloud.running import RunningCloud
from tests.infra.allowed import ALLOWED

PREFIXES = ("incoming", "inputs", "results", "elsewhere")
PROBE = "probe-of-roles"
NOBODYS_WORK = json.dumps(
    {"kind": "order", "user": PROBE, "id": "none", "due_at": 0, "generation_id": "none", "index": 0, "attempt": 1}
)
ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"  # where the CDK puts the functions' code
PUBLIC_ACCESS_BLOCK = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)


class Probe(NamedTuple):
    """One call: IAM's name of the action, the resource as `ALLOWED` names it, and how boto3 makes it."""

    action: str
    resource: str
    operation: str
    params: dict[str, Any]

    @property
    def service(self) -> str:
        return {"apigateway": "apigatewayv2"}.get(name := self.action.partition(":")[0], name)

    def __str__(self) -> str:
        return f"{self.action} ({self.operation}) on {self.resource}"


@dataclass(frozen=True)
class Catalogue:
    """The calls that are tried as one function of a deployment."""

    running: RunningCloud
    function: str
    queues: dict[str, str]  # URL by name: "queue" has the photos that have landed; the others' work is in their names
    roles: dict[str, str]  # ARN by function

    def __iter__(self) -> Iterator[Probe]:
        yield from self._items(self.running.table, "table")
        yield from self._items(f"{self.running.table}-another", "another table")
        yield from self._tables()
        for prefix in PREFIXES:
            yield from self._objects(self.running.bucket, f"{prefix}/{PROBE}", f"{prefix}/*")
        yield from self._objects(ASSETS, f"incoming/{PROBE}", "another bucket")
        yield from self._bucket()
        for name in [secret.name for secret in SECRETS.values()]:
            yield from self._secret(f"veil-{STAGE}/{name}", name)
        yield from self._secret("another/secret", "another secret")
        for name, url in self.queues.items():
            yield from self._queue(url, name)
        yield from self._key()
        yield from self._edge()
        for function in self.running.functions:
            own = function == self.function
            yield from self._log(function, "log" if own else f"log of {function}")
            yield from self._function(function)
        yield from self._account()

    def _items(self, table: str, name: str) -> Iterator[Probe]:
        key = {"pk": {"S": PROBE}, "sk": {"S": PROBE}}
        named = {"TableName": table}
        never = {**named, "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(pk)"}
        put, update, delete = (
            {**never, "Item": key},
            {**never, "Key": key, "UpdateExpression": "SET x = pk"},
            {**named, "Key": key},
        )
        yield Probe("dynamodb:GetItem", name, "get_item", {**named, "Key": key})
        yield Probe("dynamodb:GetItem", name, "transact_get_items", {"TransactItems": [{"Get": {**named, "Key": key}}]})
        yield Probe("dynamodb:BatchGetItem", name, "batch_get_item", {"RequestItems": {table: {"Keys": [key]}}})
        yield Probe("dynamodb:Query", name, "query", {**named, **_equals("pk")})
        yield Probe("dynamodb:Scan", name, "scan", {**named, "Limit": 1})
        yield Probe("dynamodb:PutItem", name, "put_item", put)
        yield Probe("dynamodb:PutItem", name, "transact_write_items", {"TransactItems": [{"Put": put}]})
        yield Probe("dynamodb:UpdateItem", name, "update_item", update)
        yield Probe("dynamodb:UpdateItem", name, "transact_write_items", {"TransactItems": [{"Update": update}]})
        yield Probe("dynamodb:DeleteItem", name, "delete_item", delete)
        yield Probe("dynamodb:DeleteItem", name, "transact_write_items", {"TransactItems": [{"Delete": delete}]})
        check = {"TransactItems": [{"ConditionCheck": {**never, "Key": key}}]}
        yield Probe("dynamodb:ConditionCheckItem", name, "transact_write_items", check)
        write = {"RequestItems": {table: [{"DeleteRequest": {"Key": key}}]}}
        yield Probe("dynamodb:BatchWriteItem", name, "batch_write_item", write)
        select = f"SELECT * FROM \"{table}\" WHERE pk = '{PROBE}'"
        yield Probe("dynamodb:PartiQLSelect", name, "execute_statement", {"Statement": select})
        batch = {"Statements": [{"Statement": f"{select} AND sk = '{PROBE}'"}]}
        yield Probe("dynamodb:PartiQLSelect", name, "batch_execute_statement", batch)
        yield Probe("dynamodb:DescribeTable", name, "describe_table", named)

    def _tables(self) -> Iterator[Probe]:
        named = {"TableName": self.running.table}
        arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{self.running.table}"
        index = {**named, "IndexName": "work"}
        yield Probe("dynamodb:Query", "index/work", "query", {**index, **_equals("work_shard")})
        yield Probe("dynamodb:Scan", "index/work", "scan", {**index, "Limit": 1})
        yield Probe("dynamodb:ListTables", "account", "list_tables", {})
        yield Probe("dynamodb:UpdateTable", "table", "update_table", named)
        on = {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expires_at"}}
        yield Probe("dynamodb:UpdateTimeToLive", "table", "update_time_to_live", {**named, **on})
        yield Probe("dynamodb:CreateBackup", "table", "create_backup", {**named, "BackupName": PROBE})
        yield Probe("dynamodb:DescribeContinuousBackups", "table", "describe_continuous_backups", named)
        export = {"TableArn": arn, "S3Bucket": ASSETS}
        yield Probe("dynamodb:ExportTableToPointInTime", "table", "export_table_to_point_in_time", export)
        restore = {"SourceTableName": self.running.table, "TargetTableName": self.running.table}
        yield Probe("dynamodb:RestoreTableToPointInTime", "table", "restore_table_to_point_in_time", restore)

    def _objects(self, bucket: str, key: str, name: str) -> Iterator[Probe]:
        named = {"Bucket": bucket, "Key": key}
        nothing = {"Bucket": bucket, "Key": f"{key}-none"}
        yield Probe("s3:GetObject", name, "get_object", named)
        yield Probe("s3:GetObject", name, "head_object", named)
        yield Probe("s3:PutObject", name, "put_object", {**named, "Body": b"", "IfNoneMatch": "*"})
        yield Probe("s3:PutObject", name, "create_multipart_upload", named)
        yield Probe("s3:DeleteObject", name, "delete_object", nothing)
        yield Probe(
            "s3:DeleteObject",
            name,
            "delete_objects",
            {"Bucket": bucket, "Delete": {"Objects": [{"Key": nothing["Key"]}]}},
        )
        yield Probe("s3:DeleteObjectVersion", name, "delete_object", {**nothing, "VersionId": "null"})
        yield Probe("s3:GetObjectTagging", name, "get_object_tagging", named)
        yield Probe("s3:PutObjectTagging", name, "put_object_tagging", {**nothing, "Tagging": {"TagSet": []}})
        yield Probe("s3:GetObjectAcl", name, "get_object_acl", named)
        yield Probe("s3:PutObjectAcl", name, "put_object_acl", {**nothing, "ACL": "public-read"})
        yield Probe("s3:GetObjectVersion", name, "get_object", {**named, "VersionId": "null"})
        listed = {"Bucket": bucket, "Prefix": key.partition("/")[0] + "/"}
        bucket_name = "bucket" if name == "incoming/*" else f"bucket, {name}"
        yield Probe("s3:ListBucket", bucket_name, "list_objects_v2", listed)
        versions_name = "bucket" if bucket != ASSETS and name != "elsewhere/*" else f"bucket, {name}"
        yield Probe("s3:ListBucketVersions", versions_name, "list_object_versions", listed)

    def _bucket(self) -> Iterator[Probe]:
        named = {"Bucket": self.running.bucket}
        yield Probe("s3:ListBucket", "bucket, everything", "list_objects_v2", named)
        yield Probe("s3:ListBucket", "bucket, everything", "head_bucket", named)
        yield Probe("s3:ListBucketMultipartUploads", "bucket", "list_multipart_uploads", named)
        yield Probe("s3:ListBucketVersions", "bucket, everything", "list_object_versions", named)
        yield Probe("s3:GetBucketPolicy", "bucket", "get_bucket_policy", named)
        yield Probe("s3:PutBucketPolicy", "bucket", "put_bucket_policy", {**named, "Policy": "{"})
        block = {**named, "PublicAccessBlockConfiguration": PUBLIC_ACCESS_BLOCK}
        yield Probe("s3:PutBucketPublicAccessBlock", "bucket", "put_public_access_block", block)
        yield Probe("s3:GetLifecycleConfiguration", "bucket", "get_bucket_lifecycle_configuration", named)
        yield Probe("s3:DeleteBucket", "bucket", "delete_bucket", named)  # it is never empty
        yield Probe("s3:ListAllMyBuckets", "account", "list_buckets", {})

    def _secret(self, secret: str, name: str) -> Iterator[Probe]:
        named = {"SecretId": secret}
        yield Probe("secretsmanager:GetSecretValue", name, "get_secret_value", named)
        yield Probe("secretsmanager:GetSecretValue", name, "get_secret_value", {**named, "VersionStage": "AWSPREVIOUS"})
        yield Probe("secretsmanager:DescribeSecret", name, "describe_secret", named)
        put = {**named, "SecretString": "x", "VersionStages": [PROBE]}
        yield Probe("secretsmanager:PutSecretValue", name, "put_secret_value", put)
        yield Probe("secretsmanager:ListSecretVersionIds", name, "list_secret_version_ids", named)
        yield Probe("secretsmanager:GetResourcePolicy", name, "get_resource_policy", named)

    def _queue(self, url: str, name: str) -> Iterator[Probe]:
        named = {"QueueUrl": url}
        handle = {**named, "ReceiptHandle": PROBE}
        yield Probe("sqs:ReceiveMessage", name, "receive_message", {**named, "VisibilityTimeout": 0})
        yield Probe("sqs:DeleteMessage", name, "delete_message", handle)
        yield Probe(
            "sqs:ChangeMessageVisibility", name, "change_message_visibility", {**handle, "VisibilityTimeout": 0}
        )
        yield Probe("sqs:GetQueueAttributes", name, "get_queue_attributes", {**named, "AttributeNames": ["All"]})
        yield Probe("sqs:GetQueueUrl", name, "get_queue_url", {"QueueName": url.rpartition("/")[2]})
        yield Probe("sqs:SendMessage", name, "send_message", {**named, "MessageBody": NOBODYS_WORK})
        wrong = {**named, "Attributes": {"VisibilityTimeout": "-1"}}
        yield Probe("sqs:SetQueueAttributes", name, "set_queue_attributes", wrong)

    def _key(self) -> Iterator[Probe]:
        """The key that billing keys are sealed with; what it is asked to open is nothing that it sealed."""
        settings = self.running.client("lambda").get_function_configuration(
            FunctionName=self.running.functions["payments"]
        )
        named = {"KeyId": settings["Environment"]["Variables"]["MONEY_KEY_ARN"]}
        yield Probe("kms:Encrypt", "money-key", "encrypt", {**named, "Plaintext": b"x"})
        yield Probe("kms:Decrypt", "money-key", "decrypt", {**named, "CiphertextBlob": b"x" * 64})
        yield Probe("kms:GenerateDataKey", "money-key", "generate_data_key", {**named, "KeySpec": "AES_256"})
        yield Probe("kms:DescribeKey", "money-key", "describe_key", named)
        yield Probe("kms:GetKeyPolicy", "money-key", "get_key_policy", {**named, "PolicyName": "default"})
        yield Probe(
            "kms:CreateGrant",
            "money-key",
            "create_grant",
            {**named, "GranteePrincipal": PROBE, "Operations": ["Decrypt"]},
        )

    def _edge(self) -> Iterator[Probe]:
        """The distribution, and keys that are not there."""
        settings = self.running.client("lambda").get_function_configuration(
            FunctionName=self.running.functions["gallery"]
        )
        named = {"DistributionId": settings["Environment"]["Variables"]["DISTRIBUTION_ID"]}
        batch = {"Paths": {"Quantity": 1, "Items": [f"/{PROBE}"]}, "CallerReference": PROBE}
        made = {**named, "InvalidationBatch": batch}
        yield Probe("cloudfront:CreateInvalidation", "distribution", "create_invalidation", made)
        elsewhere = {**made, "DistributionId": "E0ANOTHER"}
        yield Probe("cloudfront:CreateInvalidation", "another distribution", "create_invalidation", elsewhere)
        distribution = {"Id": named["DistributionId"]}
        yield Probe("cloudfront:GetDistribution", "distribution", "get_distribution", distribution)
        yield Probe("cloudfront:GetDistributionConfig", "distribution", "get_distribution_config", distribution)
        stale = {**distribution, "IfMatch": PROBE}
        yield Probe("cloudfront:DeleteDistribution", "distribution", "delete_distribution", stale)
        yield Probe("cloudfront:ListDistributions", "account", "list_distributions", {})
        nobodys = {"Id": PROBE, "IfMatch": PROBE}
        key = {"CallerReference": "", "Name": "", "EncodedKey": ""}
        group = {"Name": "", "Items": [PROBE]}
        yield Probe("cloudfront:CreatePublicKey", "account", "create_public_key", {"PublicKeyConfig": key})
        yield Probe("cloudfront:DeletePublicKey", "account", "delete_public_key", nobodys)
        yield Probe("cloudfront:GetPublicKey", "account", "get_public_key", {"Id": PROBE})
        yield Probe("cloudfront:ListPublicKeys", "account", "list_public_keys", {})
        yield Probe("cloudfront:CreateKeyGroup", "account", "create_key_group", {"KeyGroupConfig": group})
        yield Probe("cloudfront:UpdateKeyGroup", "account", "update_key_group", {**nobodys, "KeyGroupConfig": group})
        yield Probe("cloudfront:DeleteKeyGroup", "account", "delete_key_group", nobodys)
        yield Probe("cloudfront:GetKeyGroup", "account", "get_key_group", {"Id": PROBE})
        yield Probe("cloudfront:ListKeyGroups", "account", "list_key_groups", {})

    def _log(self, function: str, name: str) -> Iterator[Probe]:
        group = {"logGroupName": f"/aws/lambda/{self.running.functions[function]}"}
        yield Probe("logs:CreateLogStream", name, "create_log_stream", {**group, "logStreamName": PROBE})
        events = {**group, "logStreamName": PROBE, "logEvents": [{"timestamp": 0, "message": PROBE}]}
        yield Probe("logs:PutLogEvents", name, "put_log_events", events)
        yield Probe("logs:FilterLogEvents", name, "filter_log_events", {**group, "limit": 1})
        yield Probe("logs:GetLogEvents", name, "get_log_events", {**group, "logStreamName": PROBE})

    def _function(self, function: str) -> Iterator[Probe]:
        named, role = {"FunctionName": self.running.functions[function]}, self.roles[function]
        name = f"function {function}"
        dry = {**named, "InvocationType": "DryRun", "Payload": b"{}"}
        yield Probe("lambda:InvokeFunction", name, "invoke", dry)
        yield Probe("lambda:GetFunction", name, "get_function", named)  # its code, and its settings
        code = {**named, "ZipFile": b"", "DryRun": True}
        yield Probe("lambda:UpdateFunctionCode", name, "update_function_code", code)
        yield Probe("sts:AssumeRole", name, "assume_role", {"RoleArn": role, "RoleSessionName": PROBE})
        policy = {"RoleName": role.rpartition("/")[2], "PolicyName": PROBE, "PolicyDocument": "{"}
        yield Probe("iam:PutRolePolicy", name, "put_role_policy", policy)
        yield Probe("iam:GetRole", name, "get_role", {"RoleName": policy["RoleName"]})

    def _account(self) -> Iterator[Probe]:
        yield Probe("secretsmanager:ListSecrets", "account", "list_secrets", {})
        yield Probe(
            "secretsmanager:BatchGetSecretValue",
            "account",
            "batch_get_secret_value",
            {"Filters": [{"Key": "name", "Values": ["veil"]}]},
        )
        yield Probe("sqs:ListQueues", "account", "list_queues", {})
        yield Probe("lambda:ListFunctions", "account", "list_functions", {})
        yield Probe("iam:ListRoles", "account", "list_roles", {})
        yield Probe("iam:ListUsers", "account", "list_users", {})
        yield Probe("iam:CreateAccessKey", "account", "create_access_key", {"UserName": PROBE})
        yield Probe("logs:DescribeLogGroups", "account", "describe_log_groups", {})
        yield Probe("kms:ListKeys", "account", "list_keys", {})
        yield Probe("events:ListRules", "account", "list_rules", {})
        yield Probe("cloudformation:DescribeStacks", "account", "describe_stacks", {})
        yield Probe("apigateway:GET", "account", "get_apis", {})
        yield Probe("ssm:GetParameter", "account", "get_parameter", {"Name": PROBE})
        faces = {"SourceImage": {"Bytes": b"x"}, "TargetImage": {"Bytes": b"x"}}  # no picture: who may is told so
        yield Probe("rekognition:CompareFaces", "account", "compare_faces", faces)
        yield Probe("cloudwatch:PutMetricData", "account", "put_metric_data", {"Namespace": PROBE})


def is_allowed(function: str, probe: Probe) -> bool:
    """Whether the function may make this call, by the table that the stack is held to."""
    return probe.action in ALLOWED[function].get(probe.resource, set())


def _equals(attribute: str) -> dict[str, Any]:
    return {
        "KeyConditionExpression": f"{attribute} = :value",
        "ExpressionAttributeValues": {":value": {"S": PROBE}},
        "Limit": 1,
    }
