"""Products, orders and subscriptions as the client sees them."""

from time import time

from veil.api import money_bodies as bodies
from veil.api.views import decline_body
from veil.domain.language import Language
from veil.domain.orders import ShownOrder
from veil.domain.payments import CURRENCY
from veil.domain.products import PRODUCTS, Catalogue, Product
from veil.domain.subscriptions import Subscription, asks_consent


def product_list(catalogue: Catalogue) -> bodies.ProductList:
    return bodies.ProductList(
        packs=[bodies.Pack(**_product(pack)) for pack in catalogue.packs],
        plan=bodies.Plan(**_product(catalogue.plan), period="month"),
    )


def _product(product: Product) -> dict[str, object]:
    return {"id": product.id, "name": product.name, "credits": product.credits, "amount": product.amount}


def order_body(shown: ShownOrder, client_key: str | None, language: Language) -> bodies.Order:
    order = shown.order
    return bodies.Order(
        id=order.id,
        product=order.product,
        credits=order.credits,
        amount=order.amount,
        currency=CURRENCY,
        status=order.status,
        order_name=PRODUCTS[order.product].names.text(language).format(credits=order.credits),
        customer_key=order.customer_key,
        client_key=client_key,
        receipt_url=order.receipt_url,
        refundable=bodies.Refundable(credits=shown.refundable_credits, amount=shown.refundable_amount),
        created_at=order.created_at,
        paid_at=order.paid_at,
    )


def subscription_body(subscription: Subscription, plan: Product, language: Language) -> bodies.Subscription:
    asks = asks_consent(subscription, plan, time())
    return bodies.Subscription(
        status=subscription.status,
        plan=subscription.product,
        credits=subscription.credits,
        amount=subscription.amount,
        new_amount=plan.amount if asks else None,
        card=subscription.card,
        paid_until=subscription.paid_until,
        decline=decline_body(subscription.decline, language) if subscription.decline else None,
    )
