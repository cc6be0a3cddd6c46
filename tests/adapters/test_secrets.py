"""Secrets through a rotation: which values are good at which second, and how often Secrets Manager is asked."""

from collections.abc import Callable, Iterator
from itertools import islice
from threading import Barrier, Thread
from time import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from veil.adapters.aws import client as aws
from veil.adapters.aws.secrets import GRACE_SECONDS, MAX_AGE_SECONDS, REREAD_SECONDS, ManagedSecret
from veil.domain.ports import StorageUnavailable

NAME = "veil-test/key"


class Rotating:
    """A secret of moto's, seen by one process at a time that the test sets."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self.asked: list[str] = []
        self.breaks = False
        self.later = 0.0
        self.secret = self.cold()
        manager.create_secret(Name=NAME, SecretString="first")
        manager.meta.events.register("before-call.secretsmanager.GetSecretValue", self._note)

    def _note(self, params: dict[str, Any], **_: Any) -> None:
        stage = params["body"].decode().partition('"VersionStage": "')[2].partition('"')[0]
        self.asked.append(stage)
        if self.breaks:
            raise EndpointConnectionError(endpoint_url="https://secrets")

    def cold(self) -> ManagedSecret:
        """As a process that has just started sees it."""
        return ManagedSecret(NAME, lambda: time() + self.later)

    def put(self, value: str) -> None:
        self._manager.put_secret_value(SecretId=NAME, SecretString=value)

    def questions(self, do: Callable[[], object]) -> list[str]:
        self.asked.clear()
        do()
        return list(self.asked)

    def honours(self, value: str, secret: ManagedSecret | None = None) -> bool:
        return value in (secret or self.secret).honoured()


@pytest.fixture
def rotating(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rotating]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    with mock_aws():
        aws.client.cache_clear()
        yield Rotating(aws.client("secretsmanager"))
        aws.client.cache_clear()


def test_a_value_is_kept_for_five_minutes(rotating: Rotating) -> None:
    secret = rotating.secret
    assert rotating.questions(lambda: [secret(), secret(), next(secret.honoured())]) == ["AWSCURRENT"]
    rotating.put("second")
    rotating.later = MAX_AGE_SECONDS - 1
    assert secret() == "first"
    rotating.later = MAX_AGE_SECONDS + 1
    assert secret() == "second"
    assert MAX_AGE_SECONDS == 300


def test_a_pasted_line_break_is_no_secret(rotating: Rotating) -> None:
    rotating.put(" second\n")
    rotating.put("third\n")
    assert list(rotating.secret.honoured()) == ["third", "second"]


def test_the_old_and_the_new_are_honoured_at_once(rotating: Rotating) -> None:
    """By a function that knew the old one for a while, and by one that has just started."""
    rotating.secret()
    rotating.later = REREAD_SECONDS
    rotating.put("second")
    for secret in (rotating.secret, rotating.cold()):
        assert rotating.honours("first", secret)
        assert rotating.honours("second", secret)
    assert rotating.secret() == "second"  # what has been seen to be new is in use


def test_the_old_one_is_honoured_for_an_hour(rotating: Rotating) -> None:
    rotating.put("second")
    rotating.later = GRACE_SECONDS - 60
    assert rotating.honours("first")
    rotating.later = GRACE_SECONDS + 1
    for secret in (rotating.secret, rotating.cold()):
        assert not rotating.honours("first", secret)
        assert rotating.honours("second", secret)


def test_the_one_before_the_old_one_is_not(rotating: Rotating) -> None:
    rotating.put("second")
    rotating.put("third")
    assert list(rotating.secret.honoured()) == ["third", "second"]


def test_a_stolen_one_ends_when_the_new_one_is_put_twice(rotating: Rotating) -> None:
    rotating.secret()
    rotating.put("second")
    rotating.put("second")
    assert not rotating.honours("first", rotating.cold())
    rotating.later = MAX_AGE_SECONDS + 1
    assert not rotating.honours("first")


def test_a_value_put_back_ends_the_bad_one_at_once(rotating: Rotating) -> None:
    """Rolled back by moving the stage: what counts is when the version was put, and that was long ago."""
    ids = rotating._manager.describe_secret(SecretId=NAME)["VersionIdsToStages"]
    (first,) = ids
    rotating.put("bad")
    bad = rotating._manager.get_secret_value(SecretId=NAME)["VersionId"]
    rotating._manager.update_secret_version_stage(
        SecretId=NAME, VersionStage="AWSCURRENT", MoveToVersionId=first, RemoveFromVersionId=bad
    )
    rotating.later = GRACE_SECONDS + 1
    assert rotating.secret() == "first"
    assert not rotating.honours("bad")


def test_what_verifies_at_once_asks_nothing(rotating: Rotating) -> None:
    rotating.secret()
    rotating.put("second")
    rotating.later = REREAD_SECONDS
    assert rotating.questions(lambda: rotating.honours("first")) == []


def test_the_old_one_costs_one_call_more_and_only_once(rotating: Rotating) -> None:
    rotating.put("second")
    assert rotating.questions(lambda: rotating.honours("first")) == ["AWSCURRENT", "AWSPREVIOUS"]
    rotating.later = REREAD_SECONDS
    assert rotating.questions(lambda: [rotating.honours("first") for _ in range(9)]) == []


def test_a_secret_that_never_changed_has_none_before_it(rotating: Rotating) -> None:
    assert rotating.questions(lambda: rotating.honours("forged")) == ["AWSCURRENT", "AWSPREVIOUS"]
    rotating.later = REREAD_SECONDS
    assert rotating.questions(lambda: rotating.honours("forged")) == ["AWSCURRENT"]
    rotating.later = GRACE_SECONDS
    assert rotating.questions(lambda: rotating.honours("forged", rotating.cold())) == ["AWSCURRENT"]


def test_forgeries_do_not_make_us_ask(rotating: Rotating) -> None:
    """A thousand of them in a minute, on one process: one question in five seconds."""
    rotating.later = GRACE_SECONDS
    rotating.secret()

    def storm() -> None:
        for second in range(60):
            rotating.later = GRACE_SECONDS + second
            for _ in range(17):
                assert not rotating.honours("forged")

    asked = rotating.questions(storm)
    assert len(asked) <= 60 / REREAD_SECONDS
    assert set(asked) == {"AWSCURRENT"}


def test_nor_while_secrets_manager_is_down(rotating: Rotating) -> None:
    rotating.secret()
    rotating.later = GRACE_SECONDS - MAX_AGE_SECONDS
    rotating.secret()
    rotating.breaks = True
    rotating.later += REREAD_SECONDS
    with pytest.raises(StorageUnavailable):  # it may be signed with a value that we cannot see
        rotating.honours("second")
    asked = rotating.questions(lambda: [next(rotating.secret.honoured()) for _ in range(9)])
    assert asked == []
    assert rotating.honours("first")


def test_renewed_by_one_is_renewed_for_all(rotating: Rotating) -> None:
    secret, together = rotating.secret, Barrier(4, timeout=5)
    secret()
    rotating.put("second")
    rotating.later = REREAD_SECONDS
    seen: list[str] = []

    def refused() -> None:
        together.wait()
        secret.renew()
        seen.append(secret())

    def four() -> None:
        threads = [Thread(target=refused) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert rotating.questions(four) == ["AWSCURRENT"]
    assert seen == ["second"] * 4


def test_a_secret_that_changes_all_the_time_is_not_followed_for_ever(rotating: Rotating) -> None:
    def change() -> Iterator[str]:
        for value in rotating.secret.honoured():
            rotating.put(value + "+")
            yield value

    assert len(list(islice(change(), 9))) < 9


def test_a_secret_that_is_missing(rotating: Rotating) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        ManagedSecret("veil-test/none")()


def test_a_role_that_may_not_read_it_is_a_defect(rotating: Rotating, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a missing stage is taken for a first value."""
    denied = ClientError(
        {"Error": {"Code": "AccessDeniedException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Get"
    )
    secret = rotating.secret
    read = secret._get

    def get(stage: str) -> Any:
        if stage == "AWSPREVIOUS":
            raise denied
        return read(stage)

    monkeypatch.setattr(secret, "_get", get)
    with pytest.raises(ClientError):
        list(secret.honoured())


def test_a_new_value_that_has_to_settle_is_used_later(rotating: Rotating) -> None:
    assert rotating.secret.settled(600) == "first"  # there is none before it
    rotating.put("second")
    fresh = rotating.cold()
    assert fresh.settled(600) == "first"
    assert rotating.questions(lambda: fresh.settled(600)) == []  # both are remembered
    rotating.later = 601
    assert fresh.settled(600) == "second"
    assert rotating.cold().settled(600) == "second"


def test_what_goes_out_is_signed_with_both_and_reads_nothing_anew(rotating: Rotating) -> None:
    rotating.put("second")
    post = rotating.secret.signing
    assert rotating.questions(lambda: [post(), post()]) == ["AWSCURRENT", "AWSPREVIOUS"]
    rotating.later = REREAD_SECONDS + 1
    assert rotating.questions(post) == []
    assert post() == ["second", "first"]


def test_an_event_is_signed_though_secrets_manager_has_gone(rotating: Rotating) -> None:
    """By a function that has read the secret within the last minutes."""
    rotating.later = GRACE_SECONDS + 1
    assert rotating.questions(rotating.secret.signing) == ["AWSCURRENT"]
    rotating.breaks = True
    rotating.later += REREAD_SECONDS + 1
    assert rotating.secret.signing() == ["first"]
