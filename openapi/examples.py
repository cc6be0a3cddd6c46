"""An example of every body that is not just a list of others, by the name of its schema."""

from dataclasses import asdict
from typing import Any

from veil import __version__
from veil.api.words import IMAGE_ERRORS
from veil.domain.generation import ImageError
from veil.domain.language import DEFAULT_LANGUAGE
from veil.domain.styles import STYLES

ID, GENERATION_ID, ENTRY_ID = "01KANE3T7Q8Z9A1B2C3D4E5F6G", "01KANE4M0V5W6X7Y8Z9A1B2C3D", "01KANE4M0WJK3MNP4QRS5TVW6X"
BUCKET = "https://veil-prod-photos.s3.ap-northeast-2.amazonaws.com"
SHA256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
CLASSIC = STYLES["classic"]
FLAGGED = ImageError.CONTENT_FLAGGED
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
    "style": CLASSIC.id,
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
            "error": {"code": FLAGGED, "detail": IMAGE_ERRORS[FLAGGED].text(DEFAULT_LANGUAGE)},
        },
    ],
    "credits": {"reserved": 4, "captured": 3, "refunded": 1},
    "selected": None,
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "NewUpload": {"content_type": "image/jpeg", "size": 182044, "sha256": SHA256},
    "NewGeneration": {"upload_id": ID, "style": CLASSIC.id},
    "Selection": {"image": 2},
    "PredictionEnded": {
        "id": "gm3qorzdhgbfurvjtvhg6dckhu",
        "status": "succeeded",
        "output": "https://replicate.delivery/xezq/out-0.jpg",
        "error": None,
    },
    "Health": {"status": "ok", "version": __version__},
    "Style": {"id": CLASSIC.id, "name": asdict(CLASSIC.name), "description": asdict(CLASSIC.description)},
    "PresignedUpload": {
        "upload_id": ID,
        "status": "pending",
        "method": "PUT",
        "url": f"{BUCKET}/incoming/YWxpY2U/{ID}?X-Amz-Expires=300&X-Amz-Signature=0f1e",
        "headers": {"content-type": "image/jpeg", "content-length": "182044", "x-amz-checksum-sha256": SHA256},
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
    "Balance": {"available": 5, "held": 0},
    "CreditEntry": {
        "id": ENTRY_ID,
        "kind": "reserve",
        "amount": -4,
        "reference": GENERATION_ID,
        "created_at": CREATED,
    },
}
