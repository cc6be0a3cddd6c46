"""The operations of money on the command line."""

import argparse
from typing import Any

import pytest

from operations.commands import add_operations
from operations.errors import OperationError
from operations.money_commands import one_line
from tests.operations.shop import Shop
from veil.domain.orders import OrderStatus

pytestmark = pytest.mark.usefixtures("plain_environment")


def run(shop: Shop, *arguments: str) -> Any:
    parser = argparse.ArgumentParser()
    add_operations(parser.add_subparsers(required=True), lambda _: None, lambda _: shop.stage)
    parsed = parser.parse_args(arguments)
    return parsed.run(parsed)


def test_an_orders_life(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    order = shop.paid()
    run(shop, "grant", "ada", "1", "--reason", "for waiting")
    assert "ada has 13 credits" in capsys.readouterr().out
    run(shop, "order", order.id)
    assert f"order {order.id}: paid" in capsys.readouterr().out
    with pytest.raises(OperationError, match="is not settled yet"):
        run(shop, "refund", order.id, "--credits", "2", "--reason", "asked by mail", "--patience", "0")
    shop.charge()
    assert "refund asked" in capsys.readouterr().out
    assert shop.refund(order).reason == "asked by mail"
    run(shop, "dispute", order.id, "--amount", "825", "--key", "case 17", "--yes")
    assert "The dispute's key is case 17" in capsys.readouterr().out
    assert shop.now(order).refunded_credits == 3
    assert run(shop, "audit", "--toss")
    assert "1 orders were held against Toss" in capsys.readouterr().out
    assert run(shop, "audit")
    assert "held against" not in capsys.readouterr().out


def test_a_grant_needs_no_reason(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.accounts.open_account("ada", 0, 1.0)
    run(shop, "grant", "ada", "4")
    assert "ada has 4 credits" in capsys.readouterr().out


def test_a_dispute_has_a_key_of_its_own(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    order = shop.paid()
    run(shop, "dispute", order.id, "--yes")
    (key,) = shop.now(order).cancels
    assert key.removeprefix("dispute ") in capsys.readouterr().out
    assert shop.now(order).status is OrderStatus.REFUNDED


def test_what_toss_does_not_tell_is_said(shop: Shop) -> None:
    order = shop.paid()
    shop.control("", toss={"get": 503})
    with pytest.raises(OperationError, match="Toss did not tell"):
        run(shop, "dispute", order.id, "--yes")


@pytest.mark.parametrize(
    "arguments",
    [
        ["refund", "01J"],
        ["refund", "01J", "--reason", "two\nlines"],
        ["refund", "01J", "--reason", "why", "--credits", "0"],
        ["dispute", "01J", "--amount", "-5"],
        ["dispute", "01J", "--key", ""],
        ["order", "01J", "--no-toss", "--settle"],
        ["grant", "ada", "5", "--reason", "x" * 101],
    ],
)
def test_what_cannot_be_asked_for(shop: Shop, arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(shop, *arguments)


def test_a_reason_is_one_line() -> None:
    assert one_line("  사진이 실패 ") == "사진이 실패"
    for wrong in ("", "  ", "a\tb", "a\x1b[31m", "x" * 101):
        with pytest.raises(argparse.ArgumentTypeError):
            one_line(wrong)
