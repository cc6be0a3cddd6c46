"""A user is looked up by their id, or by the hash that stands in the log."""

import argparse
import json
from typing import Any

import pytest

from local.simulated.environment import SECRETS
from operations.commands import add_operations
from operations.errors import OperationError
from operations.user_hash import user_hash
from tests.contract.images import BILLED
from tests.fakes.clock import START
from tests.operations.look.conftest import LookedAt
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.erasures import DynamoErasures
from veil.adapters.dynamodb.items import former_to_item
from veil.adapters.dynamodb.orders import DynamoOrders
from veil.adapters.dynamodb.table import Table
from veil.domain.consents import Consent, ConsentKind
from veil.domain.erasure import Erasure
from veil.domain.ids import new_id
from veil.domain.orders import Order, OrderKind
from veil.domain.subscriptions import Subscription
from veil.domain.uploads import Reason, Upload

pytestmark = pytest.mark.usefixtures("plain_environment")
CUSTOMER = "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11"


def run(looked_at: LookedAt, *arguments: str) -> Any:
    parser = argparse.ArgumentParser()
    add_operations(parser.add_subparsers(required=True), lambda _: None, lambda _: looked_at.stage)
    parsed = parser.parse_args(arguments)
    return parsed.run(parsed)


@pytest.fixture
def ada(looked_at: LookedAt) -> str:
    """One who has some of everything."""
    backend = looked_at.backend
    running = backend.running("ada", START)
    backend.ledger.refund(running, running.images[0], BILLED, START + 9, START + 90)
    upload = Upload("ada", new_id(START), "image/jpeg", 100_000, START)
    backend.uploads.create(upload)
    backend.uploads.begin_check(upload)
    backend.uploads.reject(upload, Reason.NO_FACE)
    agreed = Consent(ConsentKind.THIRD_PARTY_AI, new_id(START), "2026-11-26", granted=True, at=START)
    assert backend.consents.decide("ada", agreed, None)
    order = Order("ada", new_id(START), OrderKind.PACK, "pack_medium", 12, 9900, START, CUSTOMER, due_at=START)
    backend.orders.place(order, CUSTOMER, None, START)
    plan = Subscription(
        "ada", new_id(START), "plan_monthly", 16, 9900, START, CUSTOMER, auth_key="sealed", due_at=START
    )
    assert backend.subscriptions.save(plan)
    return "ada"


def test_all_of_it_is_shown(looked_at: LookedAt, ada: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(looked_at, "user", ada)
    seen = capsys.readouterr().out
    for line in (
        f"user ada, in logs {user_hash(looked_at.stage)('ada')[:16]}",
        "  credits: 1 available, 3 held",
        "third_party_ai 2026-11-26: granted True",
        "rejected no_face",
        "processing, 0 stored, 1 refunded, deleted False",
        "created, pack pack_medium, 12 credits, 9900 KRW",
        "registering, plan_monthly, 9900 KRW a month, paid until None",
        "entries: 3",
        "reserve -4",
    ):
        assert line in seen


def test_nothing_that_opens_anything_is_shown(
    looked_at: LookedAt, ada: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(looked_at, "user", ada, "--json", "-")
    seen = capsys.readouterr().out
    assert json.loads(seen)["account"]["held"] == 3
    for private in ("https://", "sealed", CUSTOMER, *SECRETS.values()):
        assert private not in seen


@pytest.mark.parametrize("digits", [16, 64])
def test_a_hash_of_the_log_leads_to_its_user(
    looked_at: LookedAt, ada: str, capsys: pytest.CaptureFixture[str], digits: int
) -> None:
    looked_at.backend.accounts.open_account("bob", 4, START)
    run(looked_at, "user", user_hash(looked_at.stage)(ada)[:digits])
    out, err = capsys.readouterr()
    assert "user ada, " in out
    assert "hashing every account: " in err


def test_a_hash_of_nobody(looked_at: LookedAt, ada: str) -> None:
    with pytest.raises(OperationError, match="nobody of this stage has the hash"):
        run(looked_at, "user", "0" * 16)
    with pytest.raises(OperationError, match="knows no user 'bob'"):
        run(looked_at, "user", "bob")


def test_who_has_left_is_remembered_by_their_hash_alone(looked_at: LookedAt) -> None:
    table = Table(looked_at.client("dynamodb"), looked_at.stage.table)
    hashed = user_hash(looked_at.stage)("eve")
    table.put_once(former_to_item(hashed, START))
    with pytest.raises(OperationError, match="has left, and was erased"):
        run(looked_at, "user", hashed[:16])


def test_who_is_leaving(looked_at: LookedAt, ada: str, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(looked_at.client("dynamodb"), looked_at.stage.table)
    receipt = "c0ffee" * 5 + "00"
    erasures = DynamoErasures(table, user_hash(looked_at.stage))
    assert erasures.begin(Erasure(ada, receipt, START + 60)) == receipt
    run(looked_at, "user", ada)
    seen = capsys.readouterr().out
    assert "  erasing: left at 2100-01-01T00:01:00+00:00" in seen
    assert "  on the work list for 2100-01-01T00:01:00+00:00" in seen
    assert receipt not in seen


def test_what_is_owed(looked_at: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(looked_at.client("dynamodb"), looked_at.stage.table)
    DynamoAccounts(table, new_id).open_account("ada", 0, START)
    assert DynamoOrders(table, DynamoAccounts(table, new_id)).customer("ada")
    looked_at.client("dynamodb").update_item(
        TableName=looked_at.stage.table,
        Key={"pk": {"S": "USER#ada"}, "sk": {"S": "CREDITS"}},
        UpdateExpression="SET owed = :three",
        ExpressionAttributeValues={":three": {"N": "3"}},
    )
    run(looked_at, "user", "ada")
    assert "0 available, 0 held, 3 owed" in capsys.readouterr().out
