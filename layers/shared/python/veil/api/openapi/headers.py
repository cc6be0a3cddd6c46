"""The headers that answers carry and requests may."""

from typing import Any

type Json = dict[str, Any]

HEADERS: dict[str, Json] = {
    "x-request-id": {"description": "Names this request in our log.", "schema": {"type": "string", "minLength": 1}},
    "location": {"description": "Where it stands.", "schema": {"type": "string", "format": "uri-reference"}},
    "retry-after": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "etag": {"description": "For If-None-Match.", "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'}},
    "idempotency-replayed": {"description": "An earlier request did this.", "schema": {"const": "true"}},
    "allow": {"description": "The methods that this path knows.", "schema": {"type": "string", "minLength": 3}},
}
PARAMETERS: dict[str, Json] = {
    "accept-language": {"description": "Korean unless English is preferred.", "example": "en-US,en;q=0.9"},
    "if-none-match": {"description": "The etag of what the app has.", "example": f'"{"0" * 32}"'},
    "webhook-id": {"description": "The message's id.", "required": True, "example": "msg_1"},
    "webhook-timestamp": {
        "description": "When it was signed, in epoch seconds.",
        "required": True,
        "example": "1795392000",
    },
    "webhook-signature": {"description": "`v1,<base64>`, one or more.", "required": True, "example": f"v1,{'A' * 43}="},
}


def header(name: str, *, required: bool) -> Json:
    """An answer's header."""
    return {**HEADERS[name], "required": required}


def cache_control(value: str, *, required: bool) -> Json:
    return {"required": required, "schema": {"const": value}}


def parameters() -> Json:
    """The components that requests refer to."""
    return {name: {"name": name, "in": "header", "schema": {"type": "string"}, **of} for name, of in PARAMETERS.items()}
