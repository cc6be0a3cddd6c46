"""A purchase of a pack, without any I/O: the requests of which `operations.visit` tells the rest."""

from operations.visit import Ask, Json

PRODUCTS = Ask("GET", "/products")


def place_order(product: str, key: str | None) -> Ask:
    """Order a pack; ``key`` is the idempotency key."""
    headers = {} if key is None else {"idempotency-key": key}
    return Ask("POST", "/orders", {"product": product}, headers, expected={200, 201})


def pay(window: str, order: Json) -> Ask:
    """Pay in Toss's window, which the stand-in at ``window`` plays; it answers what the success page is told."""
    asked = {
        "orderId": order["id"],
        "amount": order["amount"],
        "orderName": order["order_name"],
        "customerKey": order["customer_key"],
        "clientKey": order["client_key"],
    }
    return Ask("POST", window, asked, name="window (Toss)")


def confirm(order_id: str, told: Json) -> Ask:
    """Confirm the payment of which the success page was told."""
    paid = {"payment_key": told["paymentKey"], "amount": int(told["amount"])}
    return Ask("POST", f"/orders/{order_id}/confirm", paid, expected={200, 202})
