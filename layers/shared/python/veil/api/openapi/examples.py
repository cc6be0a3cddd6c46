"""An example of every body, by its schema's name."""

from typing import Any

from veil import __version__
from veil.domain.styles import STYLES

ID, GENERATION_ID, ENTRY_ID = "01KANE3T7Q8Z9A1B2C3D4E5F6G", "01KANE4M0V5W6X7Y8Z9A1B2C3D", "01KANE4M0WJK3MNP4QRS5TVW6X"
BUCKET = "https://veil-prod-photos.s3.ap-northeast-2.amazonaws.com"
SHA256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
CREATED, FINISHED = "2026-11-23T01:02:03Z", "2026-11-23T01:02:21Z"


def _image(index: int) -> dict[str, Any]:
    return {
        "index": index,
        "status": "stored",
        "url": f"{BUCKET}/results/YWxpY2U/{GENERATION_ID}/{index}?X-Amz-Expires=900&X-Amz-Signature=0f1e",
        "url_expires_at": "2026-11-23T01:17:30Z",
        "width": 864,
        "height": 1152,
        "error": None,
    }


GENERATION = {
    "id": GENERATION_ID,
    "style": "classic",
    "model": "black-forest-labs/flux-1.1-pro",
    "upload_id": ID,
    "status": "partial",
    "created_at": CREATED,
    "finished_at": FINISHED,
    "images": [
        *(_image(index) for index in range(3)),
        {
            "index": 3,
            "status": "refunded",
            "url": None,
            "url_expires_at": None,
            "width": None,
            "height": None,
            "error": {"code": "content_flagged", "detail": "안전 기준에 맞지 않아 만들지 못했습니다."},
        },
    ],
    "credits": {"reserved": 4, "captured": 3, "refunded": 1},
    "selected": None,
}
ENTRY = {"id": ENTRY_ID, "kind": "reserve", "amount": -4, "reference": GENERATION_ID, "created_at": CREATED}

BODIES: dict[str, dict[str, Any]] = {
    "NewUpload": {"content_type": "image/jpeg", "size": 182044, "sha256": SHA256},
    "NewGeneration": {"upload_id": ID, "style": "classic"},
    "Selection": {"image": 2},
    "PredictionEnded": {
        "id": "gm3qorzdhgbfurvjtvhg6dckhu",
        "status": "succeeded",
        "output": "https://replicate.delivery/xezq/out-0.jpg",
        "error": None,
    },
    "Health": {"status": "ok", "version": __version__},
    "Styles": {
        "styles": [{"id": each.id, "name": each.name, "description": each.description} for each in STYLES.values()]
    },
    "Openapi": {
        "openapi": "3.1.0",
        "info": {"title": "Veil", "version": __version__},
        "servers": [{"url": "/"}],
        "security": [{"accessToken": []}],
        "paths": {},
        "components": {},
    },
    "UploadPlace": {
        "upload_id": ID,
        "status": "pending",
        "method": "PUT",
        "url": f"{BUCKET}/incoming/YWxpY2U/{ID}?X-Amz-Expires=300&X-Amz-Signature=0f1e",
        "headers": {"content-type": "image/jpeg", "content-length": "182044", "x-amz-checksum-sha256": SHA256},
        "expires_at": "2026-11-23T01:07:03Z",
    },
    "UploadBody": {
        "upload_id": ID,
        "status": "ready",
        "reason": None,
        "width": 768,
        "height": 1024,
        "created_at": CREATED,
    },
    "GenerationBody": GENERATION,
    "GenerationList": {"items": [GENERATION], "next_cursor": "IjAxS0FORTRNMFY1VzZYN1k4WjlBMUIyQzNEIg.c2lnbmF0dXJl"},
    "BalanceBody": {"available": 5, "held": 0},
    "EntryList": {"items": [ENTRY], "next_cursor": None},
}
