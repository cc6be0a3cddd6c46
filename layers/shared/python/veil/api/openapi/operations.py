"""What each route answers, for the OpenAPI document; what it takes is declared by its handler."""

from typing import Any

from pydantic import BaseModel

from veil.api import bodies
from veil.api.openapi.operation import Link, Operation, Reply, cached

PUBLIC = "public, max-age=3600"
REVALIDATED = "private, no-cache"
GENERATION = {"generation_id": "$response.body#/id"}
OF_GENERATION = tuple(
    Link(operation, GENERATION, body)
    for operation, body in (
        ("getGeneration", {}),
        ("selectImage", {"image": "$response.body#/images/0/index"}),
        ("unselectImage", {}),
        ("deleteGeneration", {}),
    )
)
UPLOAD_ID = "$response.body#/upload_id"
USE_UPLOAD = Link("createGeneration", body={"upload_id": UPLOAD_ID, "style": "classic"})
NEXT = {"cursor": "$response.body#/next_cursor"}


class Openapi(BaseModel):
    openapi: str
    info: dict[str, Any]
    servers: list[dict[str, Any]]
    security: list[dict[str, Any]]
    paths: dict[str, Any]
    components: dict[str, Any]


class PredictionEnded(BaseModel):
    """What Veil reads of a prediction; Replicate sends more."""

    id: str
    status: str
    output: str | list[str] | None = None
    error: str | None = None


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/health"): Operation(
        "getHealth",
        "Whether the API answers, and its version",
        (Reply(200, "It does.", bodies.Health),),
        stored=False,
    ),
    ("GET", "/styles"): Operation(
        "listStyles",
        "The styles to choose from",
        cached(Reply(200, "Every style, with its words in Korean and English.", bodies.Styles, cache=PUBLIC)),
        stored=False,
        headers=("if-none-match",),
    ),
    ("GET", "/openapi.json"): Operation(
        "getOpenapi",
        "This document",
        cached(Reply(200, "An OpenAPI 3.1 document.", Openapi, cache=PUBLIC)),
        stored=False,
        headers=("if-none-match",),
    ),
    ("POST", "/uploads"): Operation(
        "createUpload",
        "Ask for a place to put one photo",
        (
            Reply(
                201,
                "Send the photo to `url` within 5 minutes, with `method` and `headers` as they are. S3 refuses "
                "another length, content type or checksum.",
                bodies.UploadPlace,
                headers=("location",),
                links=(Link("getUpload", {"upload_id": UPLOAD_ID}), USE_UPLOAD),
            ),
        ),
        ("file_too_large", "unsupported_type", "invalid_request", "rate_limited"),
    ),
    ("GET", "/uploads/{upload_id}"): Operation(
        "getUpload",
        "What became of a photo",
        (
            Reply(
                200,
                "The check begins by itself once the photo has landed. A rejected photo is deleted and costs nothing.",
                bodies.UploadBody,
                links=(USE_UPLOAD,),
            ),
        ),
        ("upload_not_found", "not_found"),
    ),
    ("POST", "/generations"): Operation(
        "createGeneration",
        "Reserve four credits and start four portraits",
        (
            Reply(
                202,
                "It has begun. What can't be started at once is started, or refunded, by itself.",
                bodies.GenerationBody,
                headers=("location",),
                links=OF_GENERATION,
            ),
            Reply(
                200,
                "The generation that an earlier request with this key and body began; nothing was reserved again.",
                bodies.GenerationBody,
                headers=("location", "idempotency-replayed"),
                links=OF_GENERATION,
            ),
        ),
        (
            "insufficient_credits",
            "upload_not_found",
            "generation_not_found",
            "upload_not_ready",
            "upload_rejected",
            "invalid_request",
            "idempotency_key_reused",
            "rate_limited",
            "provider_unavailable",
        ),
    ),
    ("GET", "/generations"): Operation(
        "listGenerations",
        "The user's generations, newest first",
        (
            Reply(
                200,
                "One page; `next_cursor` asks for the next, and is null on the last.",
                bodies.GenerationList,
                links=(
                    Link("listGenerations", NEXT),
                    Link("getGeneration", {"generation_id": "$response.body#/items/0/id"}),
                ),
            ),
        ),
        ("invalid_request", "invalid_cursor"),
    ),
    ("GET", "/generations/{generation_id}"): Operation(
        "getGeneration",
        "One generation and its images",
        cached(
            Reply(
                200,
                "`url` is signed, good for 15 minutes, and stands only on stored images. `Retry-After` tells when to "
                "ask again while it is processing.",
                bodies.GenerationBody,
                maybe=("retry-after",),
                links=OF_GENERATION,
                cache=REVALIDATED,
            )
        ),
        ("generation_not_found", "not_found"),
        headers=("if-none-match",),
    ),
    ("DELETE", "/generations/{generation_id}"): Operation(
        "deleteGeneration",
        "Delete a generation that is settled; may be repeated",
        (Reply(204, "Its images are gone from storage."),),
        ("generation_not_found", "still_processing", "not_found"),
    ),
    ("PUT", "/generations/{generation_id}/selection"): Operation(
        "selectImage",
        "Choose one of the images",
        (Reply(200, "The generation, with its choice.", bodies.GenerationBody, links=OF_GENERATION),),
        ("generation_not_found", "image_not_stored", "invalid_request", "not_found"),
    ),
    ("DELETE", "/generations/{generation_id}/selection"): Operation(
        "unselectImage",
        "Choose none of the images; may be repeated",
        (Reply(204, "None is chosen."),),
        ("generation_not_found", "not_found"),
    ),
    ("GET", "/credits"): Operation(
        "getCredits",
        "What can be spent, and what open images hold",
        (Reply(200, "A new account is granted the welcome credits when it is first seen.", bodies.BalanceBody),),
    ),
    ("GET", "/credits/entries"): Operation(
        "listEntries",
        "The ledger, newest first",
        (
            Reply(
                200,
                "One page. The sum of all amounts is what is available.",
                bodies.EntryList,
                links=(Link("listEntries", NEXT),),
            ),
        ),
        ("invalid_request", "invalid_cursor"),
    ),
    ("POST", "/webhooks/{provider}/{token}"): Operation(
        "receiveReplicateWebhook",
        "Replicate's callback, signed as Standard Webhooks are",
        (Reply(204, "There is nothing left to do; what was settled before stays so."),),
        ("invalid_signature", "token_not_found", "not_found", "invalid_request"),
        headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
        body=PredictionEnded,
    ),
}
