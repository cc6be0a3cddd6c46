"""An example of every body that is not just a list of others, by the name of its schema."""

from dataclasses import asdict
from typing import Any

from veil import __version__
from veil.api.words import IMAGE_ERRORS
from veil.domain.consents import ConsentKind, latest
from veil.domain.generation import ImageError
from veil.domain.language import DEFAULT_LANGUAGE
from veil.domain.products import PLAN, PRODUCTS
from veil.domain.styles import SAMPLES, STYLES

ID, GENERATION_ID, ENTRY_ID = "01KANE3T7Q8Z9A1B2C3D4E5F6G", "01KANE4M0V5W6X7Y8Z9A1B2C3D", "01KANE4M0WJK3MNP4QRS5TVW6X"
BUCKET = "https://veil-prod-photos.s3.ap-northeast-2.amazonaws.com"
EDGE, SIGNED = "https://veil.example", "Expires=1795397400&Signature=0f1e&Key-Pair-Id=K1&Hash-Algorithm=SHA256"
SHA256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
ORDER_ID, CUSTOMER_KEY = "01KANE5A1B2C3D4E5F6G7H8J9K", "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11"
PACK, MONTHLY = PRODUCTS["pack_medium"], PRODUCTS[PLAN]
PLAN_BODY = {
    "id": MONTHLY.id,
    "name": asdict(MONTHLY.name),
    "credits": MONTHLY.credits,
    "amount": MONTHLY.amount,
}
CLASSIC = STYLES["classic"]
THIRD_PARTY_AI = ConsentKind.THIRD_PARTY_AI
FLAGGED = ImageError.CONTENT_FLAGGED
CREATED, FINISHED = "2026-11-23T01:02:03Z", "2026-11-23T01:02:21Z"


def _image(index: int) -> dict[str, Any]:
    return {
        "index": index,
        "status": "stored",
        "url": f"{EDGE}/results/YWxpY2U/{GENERATION_ID}/{index}?{SIGNED}",
        "url_expires_at": "2026-11-23T01:17:30Z",
        "width": 864,
        "height": 1152,
        "likeness": {"score": 97, "status": "verified"},
        "error": None,
    }


RECEIPT = "9f86d081884c7d659a2feaa0c55ad015"
KEPT = {"what": "이름 없는 결제 기록", "until": "2031-11-27", "why": "전자상거래법에 따라 5년 동안 보관해야 해요."}
GENERATION = {
    "id": GENERATION_ID,
    "style": CLASSIC.id,
    "role": "bride",
    "model": "black-forest-labs/flux-kontext-pro",
    "upload_id": ID,
    "status": "partial",
    "created_at": CREATED,
    "finished_at": FINISHED,
    "ai_generated": True,
    "images": [
        *(_image(index) for index in range(3)),
        {
            "index": 3,
            "status": "refunded",
            "url": None,
            "url_expires_at": None,
            "width": None,
            "height": None,
            "likeness": None,
            "error": {"code": FLAGGED, "detail": IMAGE_ERRORS[FLAGGED].text(DEFAULT_LANGUAGE)},
        },
    ],
    "credits": {"reserved": 4, "captured": 3, "refunded": 1},
    "selected": None,
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "NewUpload": {"content_type": "image/jpeg", "size": 182044, "sha256": SHA256},
    "NewGeneration": {"upload_id": ID, "style": CLASSIC.id, "role": "bride"},
    "Selection": {"image": 2},
    "PredictionEnded": {
        "id": "gm3qorzdhgbfurvjtvhg6dckhu",
        "status": "succeeded",
        "output": "https://replicate.delivery/xezq/out-0.jpg",
        "error": None,
    },
    "Health": {"status": "ok", "version": __version__},
    "Style": {
        "id": CLASSIC.id,
        "name": asdict(CLASSIC.name),
        "description": asdict(CLASSIC.description),
        "samples": [f"{EDGE}/samples/classic-{number}.jpg" for number in SAMPLES],
    },
    "PresignedUpload": {
        "upload_id": ID,
        "status": "pending",
        "method": "PUT",
        "url": f"{BUCKET}/incoming/YWxpY2U/{ID}?X-Amz-Expires=300&X-Amz-Signature=0f1e",
        "headers": {"Content-Type": "image/jpeg", "x-amz-checksum-sha256": SHA256},
        "expires_at": "2026-11-23T01:07:03Z",
    },
    "Upload": {
        "upload_id": ID,
        "status": "ready",
        "reason": None,
        "width": 768,
        "height": 1024,
        "created_at": CREATED,
    },
    "Generation": GENERATION,
    "Consent": {
        "kind": THIRD_PARTY_AI,
        "required": True,
        "latest_version": latest(THIRD_PARTY_AI),
        "version": latest(THIRD_PARTY_AI),
        "granted": True,
        "decided_at": CREATED,
    },
    "ConsentDecision": {"version": latest(THIRD_PARTY_AI), "granted": True},
    "Leaving": {"confirm": "delete my account"},
    "Erasure": {"receipt": RECEIPT, "status": "erasing"},
    "Erased": {"objects": 37, "items": 58},
    "KeptRecord": KEPT,
    "ErasureReceipt": {
        "status": "done",
        "requested_at": CREATED,
        "done_at": FINISHED,
        "erased": {"objects": 37, "items": 58},
        "kept": [KEPT],
        "backups_gone_by": "2026-12-28",
    },
    "Balance": {"available": 5, "held": 0, "owed": 0},
    "Pack": {"id": PACK.id, "name": asdict(PACK.name), "credits": PACK.credits, "amount": PACK.amount},
    "Plan": {**PLAN_BODY, "period": "month"},
    "NewOrder": {"product": PACK.id},
    "OrderConfirmation": {"payment_key": "tviva20261123100203aB1c2", "amount": PACK.amount},
    "RefundRequest": {"credits": 4},
    "Order": {
        "id": ORDER_ID,
        "product": PACK.id,
        "credits": PACK.credits,
        "amount": PACK.amount,
        "currency": "KRW",
        "status": "paid",
        "order_name": PACK.order_name(DEFAULT_LANGUAGE),
        "customer_key": CUSTOMER_KEY,
        "client_key": "test_ck_docs",
        "receipt_url": "https://dashboard.tosspayments.com/receipt/1",
        "refundable": {"credits": 8, "amount": 6600},
        "created_at": CREATED,
        "paid_at": FINISHED,
    },
    "CardWindow": {"customer_key": CUSTOMER_KEY, "client_key": "test_ck_docs"},
    "CardConfirmation": {"auth_key": "bln_aB1cD2eF3", "customer_key": CUSTOMER_KEY},
    "PriceConsent": {"amount": 12900},
    "Subscription": {
        "status": "active",
        "plan": PLAN_BODY["id"],
        "credits": PLAN_BODY["credits"],
        "amount": PLAN_BODY["amount"],
        "new_amount": None,
        "card": "53651012****123*",
        "paid_until": "2026-12-23T01:02:21Z",
        "decline": None,
    },
    "TossMessage": {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": ORDER_ID, "status": "DONE"}},
    "CreditEntry": {
        "id": ENTRY_ID,
        "kind": "reserve",
        "amount": -4,
        "reference": GENERATION_ID,
        "created_at": CREATED,
    },
}
