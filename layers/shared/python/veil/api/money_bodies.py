"""The bodies of requests and answers that have to do with money. Amounts are in KRW, tax included."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, WithJsonSchema

from veil.api.bodies import Body, Count, Id, LocalizedText, PaymentDecline, Request, Time, Url
from veil.domain.orders import OrderStatus
from veil.domain.products import MOST_AMOUNT, MOST_CREDITS
from veil.domain.subscriptions import SubscriptionStatus

Won = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 0})]


class Pack(Body):
    """Credits that are bought once: `amount` is in KRW, tax included."""

    id: str
    name: LocalizedText
    credits: Count
    amount: Won


class Plan(Body):
    """Credits that come each month, until the plan is ended: `amount` is in KRW a month, tax included."""

    id: str
    name: LocalizedText
    credits: Count
    amount: Won
    period: Literal["month"]


class ProductList(Body):
    packs: list[Pack]
    plan: Plan


class NewOrder(Request):
    product: Annotated[str, WithJsonSchema({"type": "string"})]


class OrderConfirmation(Request):
    """What the payment window sent to the success page."""

    payment_key: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")]
    amount: Annotated[int, Field(ge=0, le=10 * MOST_AMOUNT)]


class RefundRequest(Request):
    """`credits` of the order, or all that are unspent."""

    credits: Annotated[int, Field(ge=1, le=MOST_CREDITS)] | None = None


class Refundable(Body):
    """What of an order was not spent, and can be given back: credits, and the KRW for them."""

    credits: Count
    amount: Won


class Order(Body):
    """An order, with what the payment window needs: `order_name`, `amount`, `customer_key` and `client_key`."""

    id: Id
    product: str
    credits: Count
    amount: Won
    currency: Literal["KRW"]
    status: OrderStatus
    order_name: str
    customer_key: str
    client_key: str | None
    receipt_url: Url | None
    refundable: Refundable
    created_at: Time
    paid_at: Time | None


class OrderList(Body):
    """One page, newest first. `next_cursor` asks for the next page, and is null on the last."""

    items: list[Order]
    next_cursor: str | None


class CardWindow(Body):
    """What the window needs in which a card is registered."""

    customer_key: str
    client_key: str


class CardConfirmation(Request):
    """What the window sent to the success page."""

    auth_key: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,300}$")]
    customer_key: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,300}$")]


class PriceConsent(Request):
    """The monthly price in KRW that the user agrees to."""

    amount: Annotated[int, Field(ge=0, le=10 * MOST_AMOUNT)]


class Subscription(Body):
    """The monthly plan. `paid_until` is when it is charged next, or ends. `new_amount` is a new price in KRW a month,
    to which the user agrees, or the plan ends then. `card` is a number with stars in it; `decline` says why it was not
    charged.
    """

    status: SubscriptionStatus
    plan: str
    credits: Count
    amount: Won
    new_amount: Won | None
    card: str | None
    paid_until: Time | None
    decline: PaymentDecline | None
