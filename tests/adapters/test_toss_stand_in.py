"""The adapter against the local stand-in of Toss, over HTTP: the two agree on what each other says."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.stand_ins import ProvidersConfig, serving
from tests.fakes.secrets import FakeSecret
from tests.support.orders import order
from tests.support.toss_wire import at
from tests.support.wire import closed_port
from veil.adapters.providers.toss import Toss
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderStatus
from veil.domain.payments import (
    BalanceDiffers,
    CancelRefused,
    Payment,
    PaymentForeign,
    PaymentGone,
    PaymentRefused,
    PaymentStatus,
    PaymentUnsettled,
)

CUSTOMER = "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11"


@pytest.fixture(scope="module")
def config() -> Iterator[ProvidersConfig]:
    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{closed_port()}",
        replicate_token="r8_test",
        webhook_signing_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        azure_key="azure-key",
        upstash_token="upstash-token",
    )
    with serving(config):
        yield config


@pytest.fixture
def control(config: ProvidersConfig) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=config.base_url, trust_env=False, timeout=5) as client:
        yield client
        client.delete("/_control").raise_for_status()


def connected(config: ProvidersConfig, secret: str, merchant: str) -> Iterator[Toss]:
    adapter, clients = at(f"{config.base_url}/toss", FakeSecret(secret))
    adapter.merchant = merchant
    yield adapter
    for client in clients:
        client.close()


@pytest.fixture
def toss(config: ProvidersConfig) -> Iterator[Toss]:
    yield from connected(config, config.toss_secret_key, config.toss_mid)


@pytest.fixture
def billing(config: ProvidersConfig) -> Iterator[Toss]:
    yield from connected(config, config.toss_billing_secret_key, config.toss_billing_mid)


def step(control: httpx.Client, name: str, **body: Any) -> Any:
    return control.post(f"/_control/toss/{name}", json=body).raise_for_status().json()


def authenticated(control: httpx.Client, config: ProvidersConfig, **more: Any) -> Order:
    """An order whose customer has come back from the window."""
    one = order(id=f"ord_{uuid4().hex}", status=OrderStatus.CONFIRMING)
    window = {"orderId": one.id, "amount": one.amount, "orderName": "Veil", "customerKey": CUSTOMER}
    query = step(control, "pay", **window, clientKey=config.toss_client_key, **more)
    return replace(one, payment_key=query["paymentKey"])


def paid(toss: Toss, one: Order) -> Payment:
    payment = toss.confirm(one)
    assert (payment.status, payment.order_id, payment.amount) == (PaymentStatus.DONE, one.id, one.amount)
    assert (payment.merchant, payment.currency, payment.charged) == (toss.merchant, "KRW", True)
    return payment


def refund(amount: int) -> OrderRefund:
    return OrderRefund("ada", uuid4().hex[:26].upper(), "01", 1, amount, 0.0)


def test_a_payment_is_confirmed_and_read(toss: Toss, control: httpx.Client, config: ProvidersConfig) -> None:
    one = authenticated(control, config)
    payment = paid(toss, one)
    assert toss.by_key(payment.key) == payment
    assert toss.by_order(one.id) == payment
    assert toss.confirm(one) == payment  # the same key: the first answer
    with pytest.raises(PaymentUnsettled, match="ALREADY_PROCESSED_PAYMENT"):
        toss.confirm(one.tried_again())


def test_what_is_not_there(toss: Toss) -> None:
    assert toss.by_key("tgen_nothing") is None
    assert toss.by_order("ord_nothing") is None
    with pytest.raises(PaymentGone):
        toss.confirm(order(id=uuid4().hex, status=OrderStatus.CONFIRMING, payment_key="tgen_nothing"))


def test_a_payment_of_another_order(toss: Toss, control: httpx.Client, config: ProvidersConfig) -> None:
    one = authenticated(control, config)
    with pytest.raises(PaymentForeign):
        toss.confirm(replace(one, id=uuid4().hex))


def test_a_card_is_declined(toss: Toss, control: httpx.Client, config: ProvidersConfig) -> None:
    with pytest.raises(PaymentRefused):
        toss.confirm(authenticated(control, config, decline="REJECT_CARD_PAYMENT"))


@pytest.mark.parametrize(("fault", "status"), [("drop", None), ("lost", PaymentStatus.DONE)])
def test_an_answer_that_is_lost(
    toss: Toss, control: httpx.Client, config: ProvidersConfig, fault: str, status: PaymentStatus | None
) -> None:
    """Before the deed or after it: the read tells, and the same key is good again."""
    one = authenticated(control, config)
    control.post("/_control", json={"toss": {"confirm": [fault]}}).raise_for_status()
    with pytest.raises(PaymentUnsettled) as error:
        toss.confirm(one)
    assert not error.value.answered
    found = toss.by_order(one.id)
    assert (found.status if found else None) == status
    paid(toss, one)


def test_money_goes_back_in_parts(toss: Toss, control: httpx.Client, config: ProvidersConfig) -> None:
    payment = paid(toss, authenticated(control, config))
    first = refund(3_300)
    after = toss.cancel(payment, first)
    assert (after.status, after.balance) == (PaymentStatus.PARTIAL_CANCELED, 6_600)
    assert [(one.amount, first.mark in one.reason) for one in after.cancels] == [(3_300, True)]
    with pytest.raises(BalanceDiffers):
        toss.cancel(payment, refund(3_300))  # it believes that all is left
    whole = toss.cancel(after, refund(6_600))
    assert whole.balance == 0
    assert len(whole.cancels) == 2
    with pytest.raises((CancelRefused, PaymentUnsettled)):
        toss.cancel(whole, refund(1))


def test_a_card_is_registered_charged_and_deleted(
    billing: Toss, control: httpx.Client, config: ProvidersConfig
) -> None:
    query = step(control, "authorize-billing", customerKey=CUSTOMER, clientKey=config.toss_billing_client_key)
    found = billing.issue(query["authKey"], CUSTOMER, "issue:1")
    assert billing.issue(query["authKey"], CUSTOMER, "issue:1") == found  # an answer that was lost comes again
    assert "*" in found.card
    with pytest.raises(PaymentRefused):
        billing.issue(query["authKey"], CUSTOMER, "issue:2")
    one = order(id=uuid4().hex, status=OrderStatus.CONFIRMING, payment_key=None)
    payment = billing.charge(one, found.key, CUSTOMER, "Veil")
    assert (payment.status, payment.amount, payment.merchant) == (PaymentStatus.DONE, 9_900, billing.merchant)
    assert billing.by_order(one.id) == payment
    with pytest.raises(PaymentUnsettled, match="DUPLICATED_ORDER_ID"):
        billing.charge(one.tried_again(), found.key, CUSTOMER, "Veil")
    with pytest.raises(PaymentUnsettled) as error:
        billing.charge(replace(one, id=uuid4().hex), found.key, "another", "Veil")
    assert error.value.ours
    for _ in range(2):
        billing.delete_key(found.key)
    with pytest.raises(PaymentRefused) as refused:
        billing.charge(replace(one, id=uuid4().hex), found.key, CUSTOMER, "Veil")
    assert refused.value.decline.needs_other_card


def test_a_wrong_key_is_ours(config: ProvidersConfig) -> None:
    for adapter in connected(config, "test_sk_wrong", "veil_test"):
        with pytest.raises(PaymentUnsettled) as error:
            adapter.by_order("ord_nothing")
        assert error.value.ours
