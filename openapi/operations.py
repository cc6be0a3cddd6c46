"""What each route answers; what it takes is declared by its handler."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from openapi.operation import Operation, Reply, cached
from veil.api import bodies, money_bodies

PUBLIC = "public, max-age=3600"
REVALIDATED = "private, no-cache"
TAGS = {
    "styles": "The styles to choose from.",
    "uploads": "One photo goes in: ask for a URL, send the photo there, wait for its check.",
    "generations": "Images come out: start a generation, wait for its images, choose one.",
    "consents": "What the person agrees to before the first photo, and what they may agree to.",
    "credits": "One credit pays for one image that is stored.",
    "account": "A person leaves: everything of theirs is deleted, and a receipt says so.",
    "orders": "Credits are bought: place an order, open Toss's payment window, confirm.",
    "subscriptions": "Or they come each month: register a card in Toss's window, confirm.",
    "service": "The API itself.",
    "webhooks": "Callbacks of the providers. Clients have no use for them.",
}


class Document(BaseModel):
    """An OpenAPI document."""

    model_config = ConfigDict(extra="allow")


class PredictionEnded(BaseModel):
    """What Veil reads of a prediction; a provider may send more."""

    id: str
    status: str
    output: Any = None
    error: str | None = None


class TossMessage(BaseModel):
    """What Toss sends when a payment has changed; it sends more."""

    eventType: str  # noqa: N815 - as Toss names it
    data: dict[str, Any]


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/health"): Operation(
        "getHealth",
        "service",
        "Get the service's status and version",
        (Reply(200, "The service is up.", bodies.Health),),
        stored=False,
    ),
    ("GET", "/openapi.json"): Operation(
        "getOpenapi",
        "service",
        "Get this document",
        cached(Reply(200, "The OpenAPI document.", Document, cache=PUBLIC)),
        stored=False,
        internal=True,
    ),
    ("GET", "/styles"): Operation(
        "listStyles",
        "styles",
        "List the styles",
        cached(Reply(200, "Every style, in every language.", bodies.StyleList, cache=PUBLIC)),
        stored=False,
    ),
    ("POST", "/uploads"): Operation(
        "createUpload",
        "uploads",
        "Get a URL to send one photo to",
        (
            Reply(
                201,
                "Created. Send the photo within 5 minutes; S3 refuses any other length, content type or checksum.",
                bodies.PresignedUpload,
                headers=("location",),
            ),
        ),
        ("file_too_large", "unsupported_type", "invalid_request", "consent_required", "rate_limited"),
    ),
    ("GET", "/uploads/{upload_id}"): Operation(
        "getUpload",
        "uploads",
        "Get an upload and the result of its check",
        (
            Reply(
                200,
                "The upload. Its check starts by itself when the photo arrives. Until it has ended, `Retry-After` says "
                "when to ask again.",
                bodies.Upload,
                headers=("retry-after", "content-language"),
            ),
        ),
        ("upload_not_found",),
    ),
    ("POST", "/generations"): Operation(
        "createGeneration",
        "generations",
        "Reserve credits and start the images",
        (
            Reply(
                202,
                "Accepted: the credits are reserved. An image that cannot be started now is started later or refunded.",
                bodies.Generation,
                headers=("location",),
            ),
            Reply(
                200,
                "An earlier request with this key and body started this generation. Nothing was reserved again.",
                bodies.Generation,
                headers=("location", "idempotency-replayed"),
            ),
        ),
        (
            "insufficient_credits",
            "upload_not_found",
            "generation_not_found",
            "upload_not_ready",
            "upload_rejected",
            "consent_required",
            "invalid_request",
            "idempotency_key_reused",
            "rate_limited",
            "provider_unavailable",
        ),
    ),
    ("GET", "/generations"): Operation(
        "listGenerations",
        "generations",
        "List the user's generations, newest first",
        (Reply(200, "One page.", bodies.GenerationList),),
        ("invalid_request", "invalid_cursor"),
    ),
    ("GET", "/generations/{generation_id}"): Operation(
        "getGeneration",
        "generations",
        "Get a generation and its images",
        cached(
            Reply(
                200,
                "The generation. While it is processing, `Retry-After` says when to ask again. Each image's `url` is "
                "good for 15 minutes.",
                bodies.Generation,
                headers=("retry-after", "content-language"),
                cache=REVALIDATED,
            )
        ),
        ("generation_not_found", "invalid_request"),
    ),
    ("DELETE", "/generations/{generation_id}"): Operation(
        "deleteGeneration",
        "generations",
        "Delete a finished generation and its images",
        (Reply(204, "Deleted. A repeated request has no effect."),),
        ("generation_not_found", "still_processing"),
    ),
    ("PUT", "/generations/{generation_id}/selection"): Operation(
        "selectImage",
        "generations",
        "Choose one of the images",
        (Reply(200, "The generation with its choice.", bodies.Generation),),
        ("generation_not_found", "image_not_stored", "invalid_request"),
    ),
    ("DELETE", "/generations/{generation_id}/selection"): Operation(
        "unselectImage",
        "generations",
        "Clear the choice",
        (Reply(204, "No image is chosen. A repeated request has no effect."),),
        ("generation_not_found",),
    ),
    ("GET", "/credits"): Operation(
        "getCredits",
        "credits",
        "Get the balance",
        (
            Reply(
                200,
                "The balance. A new account is granted the welcome credits once: later, if the day's budget is spent.",
                bodies.Balance,
            ),
        ),
    ),
    ("GET", "/credits/entries"): Operation(
        "listEntries",
        "credits",
        "List the changes of the balance, newest first",
        (Reply(200, "One page. The sum of all amounts is what is available.", bodies.CreditEntryList),),
        ("invalid_request", "invalid_cursor"),
    ),
    ("GET", "/consents"): Operation(
        "listConsents",
        "consents",
        "List what the user was asked and has answered",
        (Reply(200, "Every kind, also one that nothing was decided about.", bodies.ConsentList),),
    ),
    ("PUT", "/consents/{kind}"): Operation(
        "decideConsent",
        "consents",
        "Agree to a text, or refuse it",
        (Reply(200, "Recorded. The same again records nothing.", bodies.Consent),),
        ("invalid_request",),
    ),
    ("DELETE", "/account"): Operation(
        "deleteAccount",
        "account",
        "Leave, and have everything deleted",
        (Reply(202, "Begun. Keep the receipt.", bodies.Erasure),),
        ("invalid_request", "sign_in_again"),
    ),
    ("GET", "/erasures/{receipt}"): Operation(
        "getErasure",
        "account",
        "Get what became of an account that was deleted",
        (
            Reply(
                200,
                "The receipt. While it is erasing, `Retry-After` says when to ask again.",
                bodies.ErasureReceipt,
                headers=("retry-after",),
            ),
        ),
        ("receipt_not_found",),
    ),
    ("GET", "/products"): Operation(
        "listProducts",
        "orders",
        "List what can be bought",
        cached(Reply(200, "The packs and the plan.", money_bodies.ProductList, cache=PUBLIC)),
        stored=False,
    ),
    ("POST", "/orders"): Operation(
        "placeOrder",
        "orders",
        "Place an order",
        (
            Reply(201, "Placed: open the payment window with it.", money_bodies.Order, headers=("location",)),
            Reply(
                200,
                "An earlier request with this key and body placed this order.",
                money_bodies.Order,
                headers=("location", "idempotency-replayed"),
            ),
        ),
        (
            "invalid_request",
            "idempotency_key_reused",
            "order_not_found",
            "credits_owed",
            "rate_limited",
            "payments_unavailable",
        ),
    ),
    ("GET", "/orders"): Operation(
        "listOrders",
        "orders",
        "List the user's orders, newest first",
        (Reply(200, "One page.", money_bodies.OrderList),),
        ("invalid_request", "invalid_cursor"),
    ),
    ("GET", "/orders/{order_id}"): Operation(
        "getOrder",
        "orders",
        "Get an order",
        (
            Reply(
                200,
                "The order. While it is not settled, `Retry-After` says when to ask again.",
                money_bodies.Order,
                headers=("retry-after",),
            ),
        ),
        ("order_not_found",),
    ),
    ("POST", "/orders/{order_id}/confirm"): Operation(
        "confirmOrder",
        "orders",
        "Charge what the customer authenticated",
        (
            Reply(200, "Paid: the credits are there.", money_bodies.Order, headers=("retry-after",)),
            Reply(
                202,
                "The outcome is not known yet: ask for the order. It ends by itself.",
                money_bodies.Order,
                headers=("retry-after",),
            ),
        ),
        ("invalid_request", "payment_declined", "order_not_found", "order_conflict", "order_expired"),
    ),
    ("POST", "/orders/{order_id}/refund"): Operation(
        "refundOrder",
        "orders",
        "Give unspent credits back for their money",
        (
            Reply(
                202,
                "The credits are taken; the money is on its way. Should it be refused, the credits come back.",
                money_bodies.Order,
                headers=("retry-after",),
            ),
        ),
        ("invalid_request", "order_not_found", "nothing_refundable"),
    ),
    ("POST", "/subscriptions"): Operation(
        "openCardWindow",
        "subscriptions",
        "Get what the window needs in which a card is registered",
        (Reply(200, "For Toss's window.", money_bodies.CardWindow),),
        ("credits_owed", "payments_unavailable"),
    ),
    ("POST", "/subscriptions/confirm"): Operation(
        "registerCard",
        "subscriptions",
        "Begin the plan with a card, or change the card",
        (Reply(202, "The card is being registered.", money_bodies.Subscription),),
        ("invalid_request", "credits_owed", "subscription_conflict", "payments_unavailable"),
    ),
    ("GET", "/subscriptions/current"): Operation(
        "getSubscription",
        "subscriptions",
        "Get the user's plan",
        (Reply(200, "The plan, also once it has ended.", money_bodies.Subscription),),
        ("subscription_not_found",),
    ),
    ("PUT", "/subscriptions/current"): Operation(
        "agreeToPrice",
        "subscriptions",
        "Agree to a new price",
        (Reply(200, "The plan goes on at the new price.", money_bodies.Subscription),),
        ("invalid_request", "subscription_not_found", "subscription_conflict"),
    ),
    ("DELETE", "/subscriptions/current"): Operation(
        "endSubscription",
        "subscriptions",
        "End the plan",
        (Reply(200, "It ends at `paid_until`. A repeated request has no effect.", money_bodies.Subscription),),
        ("subscription_not_found",),
    ),
    ("POST", "/webhooks/toss/{secret}"): Operation(
        "receivePaymentWebhook",
        "webhooks",
        "Receive a call of Toss Payments",
        (Reply(200, "There is nothing left to do."),),
        ("token_not_found",),
        body=TossMessage,
        internal=True,
    ),
    ("POST", "/webhooks/{provider}/{token}"): Operation(
        "receiveWebhook",
        "webhooks",
        "Receive a provider's callback, signed as Standard Webhooks define",
        (Reply(204, "Accepted. Repeated callbacks have no effect."),),
        ("invalid_signature", "token_not_found", "invalid_request"),
        headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
        body=PredictionEnded,
        internal=True,
    ),
}
