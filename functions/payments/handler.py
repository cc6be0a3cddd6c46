"""Money, as its owner deals with it: products, orders, refunds and the plan; and Toss's webhook."""

import os
from time import time
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from veil.api import bodies, money_bodies
from veil.api.resolver import Answer, Api
from veil.bootstrap.payments import PaymentsBootstrap
from veil.domain.orders import Order, OrderStatus, ShownOrder
from veil.domain.payments import PaymentUnsettled
from veil.domain.subscriptions import Subscription
from veil.settings.payments import PaymentsSettings

settings = PaymentsSettings.load(os.environ)
bootstrap = PaymentsBootstrap(settings)
app = Api(erased=bootstrap.erased)
handler = app.handler
app.exception_handler(PaymentUnsettled)(app.unavailable)  # Toss calls again

IdempotencyKey = Annotated[str | None, Header(alias="idempotency-key", pattern=r"^[\x20-\x7e]{1,255}$")]
Limit = Annotated[int, Query(ge=1, le=50)]
Cursor = str | None
PUBLIC = {"cache-control": "public, max-age=3600"}  # the same for everybody, until the next deployment
OPEN = (OrderStatus.CONFIRMING, OrderStatus.REFUNDING)


@app.get("/products")
def products() -> Answer:
    from veil.api import money_views  # noqa: PLC0415 - a start shows nothing yet

    return app.cacheable(money_views.product_list(bootstrap.catalogue), PUBLIC)


@app.post("/orders")
def place(body: money_bodies.NewOrder, idempotency_key: IdempotencyKey = None) -> Answer:
    shown, replayed = bootstrap.place(app.user, body.product, idempotency_key)
    shown = bootstrap.read.show(shown.order) if replayed else shown
    headers = {"location": f"/orders/{shown.order.id}", **({"idempotency-replayed": "true"} if replayed else {})}
    return app.answer(200 if replayed else 201, _body(shown), headers)


@app.get("/orders")
def list_orders(limit: Limit = 20, cursor: Cursor = None) -> Answer:
    page = bootstrap.read.page(app.user, limit, bootstrap.cursors.unseal(app.user, "orders", cursor))
    if not (page.items or cursor):
        _ = app.account  # nothing is there: perhaps because its user has left
    next_cursor = bootstrap.cursors.seal(app.user, "orders", page.next)
    return app.answer(
        200, money_bodies.OrderList(items=[_body(shown) for shown in page.items], next_cursor=next_cursor)
    )


@app.get("/orders/<order_id>")
def get_order(order_id: bodies.Id) -> Answer:
    return _order(200, bootstrap.read.get(app.user, order_id))


@app.post("/orders/<order_id>/confirm")
def confirm(order_id: bodies.Id, body: money_bodies.OrderConfirmation) -> Answer:
    order, just_paid = bootstrap.confirm(app.user, order_id, body.payment_key, body.amount)
    shown = ShownOrder(order, order.left) if just_paid else bootstrap.read.show(order)
    return _order(200 if order.granted else 202, shown)


@app.post("/orders/<order_id>/refund")
def refund(order_id: bodies.Id, body: money_bodies.RefundRequest) -> Answer:
    return _order(202, bootstrap.read.show(bootstrap.refund(app.user, order_id, body.credits)))


@app.post("/subscriptions")
def subscribe() -> Answer:
    customer_key = bootstrap.subscribe.customer_key(app.user)
    client_key = settings.toss_billing_client_key or ""
    return app.answer(200, money_bodies.CardWindow(customer_key=customer_key, client_key=client_key))


@app.post("/subscriptions/confirm")
def register_card(body: money_bodies.CardConfirmation) -> Answer:
    return _subscription(202, bootstrap.subscribe.register(app.user, body.auth_key, body.customer_key))


@app.get("/subscriptions/current")
def get_subscription() -> Answer:
    return _subscription(200, bootstrap.subscribe.current(app.user))


@app.put("/subscriptions/current")
def agree(body: money_bodies.PriceConsent) -> Answer:
    return _subscription(200, bootstrap.subscribe.agree(app.user, body.amount))


@app.delete("/subscriptions/current")
def stop() -> Answer:
    return _subscription(200, bootstrap.subscribe.stop(app.user))


@app.post("/webhooks/toss/<secret>")
def receive(secret: str) -> Answer:
    bootstrap.receive(secret, app.raw_body)
    return app.answer(200)


def _order(status: int, shown: ShownOrder) -> Answer:
    return app.answer(status, _body(shown), _look_again(shown.order) if shown.order.status in OPEN else {})


def _look_again(order: Order) -> dict[str, str]:
    """Since its payment was claimed; for money that is to go back, of which an order knows no date, since now."""
    from veil.api.polling import look_again  # noqa: PLC0415 - most orders are settled at once

    claimed = order.claimed_at if order.status is OrderStatus.CONFIRMING else None
    return look_again(time() if claimed is None else claimed)


def _body(shown: ShownOrder) -> money_bodies.Order:
    from veil.api import money_views  # noqa: PLC0415

    return money_views.order_body(shown, settings.toss_client_key, app.language)


def _subscription(status: int, subscription: Subscription) -> Answer:
    from veil.api import money_views  # noqa: PLC0415

    return app.answer(status, money_views.subscription_body(subscription, bootstrap.catalogue.plan, app.language))
