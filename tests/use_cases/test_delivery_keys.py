"""The keys that URLs of images are signed with: at every moment the one in use is one that the edge verifies with."""

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ReadTimeoutError

from tests.fakes.cloudfront import SECRET, FakeCloudFront, lost
from veil.adapters.aws import cloudfront
from veil.adapters.aws.cloudfront import CloudFrontKeys, SecretPrivateKey
from veil.domain.delivery import KeyPair
from veil.domain.ports import StorageUnavailable
from veil.use_cases.delivery_keys import DeliveryKeys

CHANGES = ("create_public_key", "update_key_group", "put_secret_value", "delete_public_key")
MOMENTS = [f"{when} {change}" for change in CHANGES for when in ("before", "after")]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FakeCloudFront:
    fake = FakeCloudFront()
    monkeypatch.setattr(cloudfront, "client", lambda _service: fake)
    return fake


@pytest.fixture
def keys(aws: FakeCloudFront) -> DeliveryKeys:
    pairs: Iterator[KeyPair] = (KeyPair(f"private {number}", f"public {number}") for number in range(100))
    return DeliveryKeys(CloudFrontKeys("veil-test"), SecretPrivateKey(SECRET), lambda: next(pairs))


def in_use(aws: FakeCloudFront) -> str:
    """The key that is signed with; it is one that the edge knows, and both are halves of one pair."""
    value = json.loads(aws.secret or "")
    (group,) = aws.groups.values()
    assert value["key_id"] in group["Config"]["Items"]
    assert aws.keys[value["key_id"]]["EncodedKey"] == value["pem"].replace("private", "public")
    return str(value["key_id"])


def verified_with(aws: FakeCloudFront) -> list[str]:
    (group,) = aws.groups.values()
    return list(group["Config"]["Items"])


def test_the_first_key(keys: DeliveryKeys, aws: FakeCloudFront) -> None:
    group = keys.ensure(1)
    assert list(aws.groups) == [group]
    assert verified_with(aws) == [in_use(aws)] == list(aws.keys)
    assert [key["Name"].rsplit("-", 1)[0] for key in aws.keys.values()] == ["veil-test-1"]


def test_nothing_is_done_twice(keys: DeliveryKeys, aws: FakeCloudFront) -> None:
    group = keys.ensure(1)
    changes = list(aws.changes)
    assert keys.ensure(1) == group
    assert aws.changes == changes


def test_a_rotation_keeps_one_key_and_a_second_drops_it(keys: DeliveryKeys, aws: FakeCloudFront) -> None:
    group = keys.ensure(1)
    first = in_use(aws)
    assert keys.ensure(2) == group
    second = in_use(aws)
    assert verified_with(aws) == [second, first]
    assert keys.ensure(5) == group  # any higher number
    assert verified_with(aws) == [in_use(aws), second]
    assert first not in aws.keys


def test_a_deployment_that_is_rolled_back_changes_nothing(keys: DeliveryKeys, aws: FakeCloudFront) -> None:
    keys.ensure(1)
    keys.ensure(2)
    before = (aws.secret, verified_with(aws))
    assert keys.ensure(1) == keys.ensure(2)
    assert (aws.secret, verified_with(aws)) == before


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("then", [(3,), (2, 3)], ids=["repeated", "rolled back"])
def test_a_rotation_that_is_cut_short(
    keys: DeliveryKeys, aws: FakeCloudFront, moment: str, then: tuple[int, ...]
) -> None:
    keys.ensure(1)
    keys.ensure(2)
    second = in_use(aws)
    aws.crash = lost(moment)
    with pytest.raises((ReadTimeoutError, StorageUnavailable)):
        keys.ensure(3)
    assert in_use(aws)
    for number in then:
        keys.ensure(number)
        assert in_use(aws)
        assert second in verified_with(aws)  # what it has signed is good
    assert aws.keys[in_use(aws)]["Name"].startswith("veil-test-3-")
    keys.ensure(4)
    assert second not in verified_with(aws)
    assert set(verified_with(aws)) == set(aws.keys)


@pytest.mark.parametrize("moment", ["before create_public_key", "after create_public_key", "after create_key_group"])
def test_a_first_deployment_that_is_cut_short(keys: DeliveryKeys, aws: FakeCloudFront, moment: str) -> None:
    aws.crash = lost(moment)
    with pytest.raises((ReadTimeoutError, StorageUnavailable)):
        keys.ensure(1)
    keys.ensure(1)
    assert in_use(aws)
    keys.remove(None)
    assert (aws.keys, aws.groups) == ({}, {})


def test_an_answer_of_cloudfront_that_is_lost_is_found_there(
    keys: DeliveryKeys, aws: FakeCloudFront, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As botocore repeats a call: the second one meets what the first has done."""
    for operation in ("create_key_group", "update_key_group"):
        call = getattr(aws, operation)
        monkeypatch.setattr(aws, operation, lambda call=call, **asked: (call(**asked), call(**asked))[1])
    keys.ensure(1)
    keys.ensure(2)
    assert len(verified_with(aws)) == 2
    assert in_use(aws)


def test_all_is_deleted_with_the_stack(keys: DeliveryKeys, aws: FakeCloudFront) -> None:
    group = keys.ensure(1)
    keys.remove(group)
    keys.remove(group)
    assert (aws.keys, aws.groups) == ({}, {})


def test_another_stages_keys_are_left_alone(keys: DeliveryKeys, aws: FakeCloudFront) -> None:
    other = DeliveryKeys(
        CloudFrontKeys("veil-test2"), SecretPrivateKey(SECRET), lambda: KeyPair("private x", "public x")
    )
    theirs = other.ensure(1)
    group = keys.ensure(1)
    assert group != theirs
    keys.remove(group)
    assert list(aws.groups) == [theirs]
    assert len(aws.keys) == 1


def test_the_group_of_another_resource_is_not_deleted(keys: DeliveryKeys, aws: FakeCloudFront) -> None:
    group = keys.ensure(1)
    keys.remove("the one before")
    assert list(aws.groups) == [group]
