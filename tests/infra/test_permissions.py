"""Each function may do exactly what it needs: its role's actions, resource by resource."""

from typing import Any

import pytest

from infra.function_table import FUNCTIONS
from local.simulated.environment import environment
from local.simulated.functions import cold
from tests.infra.allowed import ALLOWED
from tests.infra.synthesized import Synthesized


@pytest.mark.parametrize("function", FUNCTIONS)
def test_role_allows_exactly_this(dev: Synthesized, function: str) -> None:
    allowed: dict[str, set[str]] = {}
    for statement in dev.statements(function):
        assert statement["Effect"] == "Allow"
        assert "NotAction" not in statement
        assert "NotResource" not in statement
        for resource in _list(statement["Resource"]):
            allowed.setdefault(_named(dev, resource), set()).update(_list(statement["Action"]))
    assert allowed == ALLOWED[function]


def test_check_lists_only_what_has_just_landed(dev: Synthesized) -> None:
    (lists,) = [each for each in dev.statements("check") if _list(each["Action"]) == ["s3:ListBucket"]]
    assert lists["Condition"] == {"StringLike": {"s3:prefix": "incoming/*"}}


def test_a_403_is_a_defect_to_who_may_list_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """To whoever else reads photos S3 says so of one that is gone."""
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    assert cold("check").bootstrap.check.photos._may_list == bool(FUNCTIONS["check"].listed)
    for function in ("generations", "webhook", "poll", "sweeper"):
        assert cold(function).bootstrap.bucket._may_list == bool(FUNCTIONS[function].listed)


def test_the_eraser_lists_what_it_deletes_and_reads_none_of_it(dev: Synthesized) -> None:
    (lists,) = [each for each in dev.statements("eraser") if _list(each["Action"]) == ["s3:ListBucketVersions"]]
    assert lists["Condition"] == {"StringLike": {"s3:prefix": ["incoming/*", "inputs/*", "results/*"]}}
    assert not any("GetObject" in action for each in dev.statements("eraser") for action in _list(each["Action"]))


def test_the_eraser_deletes_users_of_the_stacks_own_pool_alone(dev: Synthesized, prod: Synthesized) -> None:
    (pool,) = prod.of_type("AWS::Cognito::UserPool")
    (users,) = [each for each in prod.statements("eraser") if "cognito-idp:AdminDeleteUser" in _list(each["Action"])]
    assert users["Resource"] == {"Fn::GetAtt": [pool, "Arn"]}
    assert prod.function("eraser")["Environment"]["Variables"]["USER_POOL_ID"] == {"Ref": pool}
    assert "USER_POOL_ID" not in dev.function("eraser")["Environment"]["Variables"]


def test_every_function_has_a_role_of_its_own(dev: Synthesized) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in dev.of_type("AWS::Lambda::Function").values()]
    assert len(set(roles)) == len(roles) == len(FUNCTIONS)
    for role in dev.of_type("AWS::IAM::Role").values():
        assert "ManagedPolicyArns" not in role


def test_wildcards_stand_only_where_a_service_forces_them(dev: Synthesized) -> None:
    """Object keys and the end of a secret's ARN are made at run time; nothing else may be open."""
    for function in FUNCTIONS:
        for statement in dev.statements(function):
            assert not [action for action in _list(statement["Action"]) if "*" in action]
            for resource in _list(statement["Resource"]):
                text = _text(resource)
                if text == "*":  # actions that know no resources
                    assert set(_list(statement["Action"])) <= ALLOWED[function]["account"]
                elif "*" in text or "?" in text:
                    assert text.endswith(("/incoming/*", "/inputs/*", "/results/*", "-??????")), text
                    assert text.count("*") + text.count("??????") == 1


def test_only_the_bucket_may_fill_the_queue(dev: Synthesized) -> None:
    sends = [
        statement
        for policy in dev.of_type("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    (send,) = sends  # the charger's queue has none: the roles of those that send say it
    assert send["Action"] == "sqs:SendMessage"
    assert send["Principal"] == {"Service": "s3.amazonaws.com"}
    assert _text(send["Condition"]["ArnEquals"]["aws:SourceArn"]).endswith(
        ":s3:::veil-dev-<AWS::AccountId>-<AWS::Region>"
    )
    assert send["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """An intrinsic as text: ``<Ref>`` and ``<Id.Attribute>`` for what only the deployment knows."""
    match value:
        case str():
            return value
        case {"Ref": name}:
            return f"<{name}>"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": ["", parts]}:
            return "".join(map(_text, parts))
    raise AssertionError(value)


def _named(dev: Synthesized, resource: Any) -> str:
    """A resource by its short name in ``ALLOWED``."""
    text = _text(resource)
    if text == "*":
        return "account"
    (table,) = dev.of_type("AWS::DynamoDB::Table")
    if text == f"<{table}.Arn>":
        return "table"
    for short in ("index/work", "incoming/*", "inputs/*", "results/*"):
        if text.endswith(f"/{short}"):
            return short
    if text.endswith(":s3:::veil-dev-<AWS::AccountId>-<AWS::Region>"):
        return "bucket"
    if text.endswith("-??????"):
        return text.rpartition("/")[2].removesuffix("-??????")
    return _of_the_stack(dev, text)


def _of_the_stack(dev: Synthesized, text: str) -> str:
    """A resource that goes by its logical id."""
    resource_id = text.strip("<>").removesuffix(".Arn")
    if resource_id in (queues := dev.of_type("AWS::SQS::Queue")):
        named = {
            "MoneyQueue": "money-queue",
            "EraserQueue": "eraser-queue",
            "NotifyQueueDeliveries": "delivery-queue",
            "NotifyQueue": "notify-queue",
            "PollQueue": "poll-queue",
        }
        queue = next((name for begins, name in named.items() if resource_id.startswith(begins)), "queue")
        return queue if "RedrivePolicy" in queues[resource_id] else "redrive queue"
    if text.endswith(f":distribution/<{next(iter(dev.of_type('AWS::CloudFront::Distribution')))}>"):
        return "distribution"
    if resource_id in dev.of_type("AWS::Events::EventBus"):
        return "event-bus"
    if resource_id in dev.of_type("AWS::KMS::Key"):
        return "money-key"
    assert resource_id in dev.of_type("AWS::Logs::LogGroup"), text
    return "log"
