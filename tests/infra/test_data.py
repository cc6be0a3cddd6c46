"""Photos and credits are kept as promised: private, encrypted, deleted in time, recoverable."""

from typing import Any

import pytest

from infra.function_table import FUNCTIONS
from infra.times import (
    CHECKED_PHOTO_DAYS,
    MAX_RECEIVES,
    MONEY_RECEIVES,
    MONEY_VISIBILITY_SECONDS,
    QUEUE_RETENTION_DAYS,
    RAW_PHOTO_DAYS,
    VISIBILITY_SECONDS,
)
from tests.infra.synthesized import Synthesized

PUBLIC_ACCESS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


@pytest.mark.parametrize("name", ["Photos", "EdgeWeb"])
def test_the_buckets_are_closed(dev: Synthesized, name: str) -> None:
    bucket = dev.named("AWS::S3::Bucket", name)
    assert bucket["PublicAccessBlockConfiguration"] == dict.fromkeys(PUBLIC_ACCESS, True)
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


@pytest.mark.parametrize("name", ["Photos", "EdgeWeb"])
def test_the_buckets_refuse_plain_http(dev: Synthesized, name: str) -> None:
    statements = dev.named("AWS::S3::BucketPolicy", name)["PolicyDocument"]["Statement"]
    conditions = [statement["Condition"] for statement in statements if statement["Effect"] == "Deny"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
    assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions


def test_uploads_and_inputs_are_cleared_and_results_are_kept(dev: Synthesized) -> None:
    rules = dev.named("AWS::S3::Bucket", "Photos")["LifecycleConfiguration"]["Rules"]
    assert {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "Prefix" in rule} == {
        "incoming/": RAW_PHOTO_DAYS,
        "inputs/": CHECKED_PHOTO_DAYS,
    }
    (unfinished,) = [rule for rule in rules if "AbortIncompleteMultipartUpload" in rule]
    assert "ExpirationInDays" not in unfinished
    assert all(rule["Status"] == "Enabled" for rule in rules)


def test_an_arrived_upload_reaches_the_queue(dev: Synthesized) -> None:
    (to_queue,) = dev.named("AWS::S3::Bucket", "Photos")["NotificationConfiguration"]["QueueConfigurations"]
    assert to_queue["Event"] == "s3:ObjectCreated:*"
    assert to_queue["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "incoming/"}]
    queue = dev.of_type("AWS::SQS::Queue")[to_queue["Queue"]["Fn::GetAtt"][0]]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == MAX_RECEIVES
    assert queue["VisibilityTimeout"] == VISIBILITY_SECONDS
    assert queue["MessageRetentionPeriod"] == QUEUE_RETENTION_DAYS * 24 * 3600
    mapping = _mapping(dev, "check")
    assert mapping["BatchSize"] >= 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 5}


def _mapping(dev: Synthesized, function: str) -> dict[str, Any]:
    (mapping,) = [
        one
        for one in dev.of_type("AWS::Lambda::EventSourceMapping").values()
        if dev.of_type("AWS::Lambda::Function")[one["FunctionName"]["Ref"]] == dev.function(function)
    ]
    return mapping


def test_work_with_money_reaches_the_charger(dev: Synthesized) -> None:
    mapping = _mapping(dev, "charger")
    assert mapping["BatchSize"] == 1
    assert "FunctionResponseTypes" not in mapping  # of one message, the function's error says enough
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 5}
    queue = dev.of_type("AWS::SQS::Queue")[mapping["EventSourceArn"]["Fn::GetAtt"][0]]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == MONEY_RECEIVES
    assert queue["VisibilityTimeout"] == MONEY_VISIBILITY_SECONDS


def test_the_key_for_billing_keys_is_rotated_and_answers_the_charger_alone(dev: Synthesized) -> None:
    key = dev.only("AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    (statement,) = key["KeyPolicy"]["Statement"]  # the account's: each right is in a role of ours
    assert statement["Principal"]["AWS"]["Fn::Join"][1][-1] == ":root"
    may = {
        function: {action for one in dev.statements(function) for action in _actions(one) if action.startswith("kms:")}
        for function in FUNCTIONS
    }
    others = {name: actions for name, actions in may.items() if actions}
    assert others == {"payments": {"kms:Encrypt"}, "charger": {"kms:Encrypt", "kms:Decrypt"}}


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return actions if isinstance(actions, list) else [actions]


def test_queues_and_topic_refuse_plain_http(dev: Synthesized) -> None:
    for kind, count in (("AWS::SQS::QueuePolicy", 8), ("AWS::SNS::TopicPolicy", 1)):
        policies = dev.of_type(kind).values()
        assert len(policies) == count
        for policy in policies:
            conditions = [
                statement.get("Condition")
                for statement in policy["PolicyDocument"]["Statement"]
                if statement["Effect"] == "Deny"
            ]
            assert conditions == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_the_table_and_its_sparse_index(dev: Synthesized) -> None:
    table = dev.only("AWS::DynamoDB::Table")
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("pk", "HASH"), ("sk", "RANGE")]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "work"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["work_shard", "due_at"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    types = {attribute["AttributeName"]: attribute["AttributeType"] for attribute in table["AttributeDefinitions"]}
    assert types == {"pk": "S", "sk": "S", "work_shard": "S", "due_at": "N"}


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
        "AWS::Cognito::UserPool",
        "AWS::KMS::Key",
    ],
)
def test_production_keeps_what_people_own_and_development_goes_whole(
    dev: Synthesized, prod: Synthesized, kind: str
) -> None:
    """Nothing outlives a first deployment that was rolled back: the next one would stumble over its name."""
    for synthesized, policies in ((dev, ("Delete", "Delete")), (prod, ("RetainExceptOnCreate", "Retain"))):
        for resource in synthesized.template["Resources"].values():
            if resource["Type"] == kind:
                assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == policies


def test_every_log_is_kept_for_a_time(dev: Synthesized, prod: Synthesized) -> None:
    for synthesized, days in ((dev, 7), (prod, 90)):
        groups = synthesized.of_type("AWS::Logs::LogGroup").values()
        assert {group["RetentionInDays"] for group in groups} == {days}
        assert len(groups) == len(FUNCTIONS) + 1
