"""What requests carry beside their bodies, and what answers carry in their headers."""

from openapi.schemas import Json
from veil.domain.language import Language

# Of the parameters that the handlers declare.
DESCRIPTIONS = {
    "upload_id": "The upload's id.",
    "generation_id": "The generation's id.",
    "receipt": "The number of the receipt.",
    "order_id": "The order's id.",
    "kind": "What is agreed to.",
    "secret": "The secret that Toss was told to call with.",
    "provider": "The provider's name in the catalogue of image models.",
    "token": "The token that the callback's URL was made with.",
    "limit": "The most items of one page.",
    "download": "With `1`, a browser saves what the URLs of images lead to, under a name, and does not show it.",
    "cursor": "The `next_cursor` of the page before; without it, the first page.",
    "idempotency-key": "Names this request: sent again with the same body within 24 hours, it does nothing.",
}
# Of headers that the handlers read without declaring them.
PARAMETERS: dict[str, Json] = {
    "if-none-match": {"description": "The `etag` of what the client has.", "example": f'"{"0" * 32}"'},
    "webhook-id": {"description": "The message's id.", "required": True, "example": "msg_1"},
    "webhook-timestamp": {
        "description": "When it was signed, in seconds since 1970.",
        "required": True,
        "example": "1795392000",
    },
    "webhook-signature": {
        "description": "One or more `v1,<base64>`, separated by blanks.",
        "required": True,
        "example": f"v1,{'A' * 43}=",
    },
}
HEADERS: dict[str, Json] = {
    "x-request-id": {
        "description": "The id of this request in our log.",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    },
    "location": {
        "description": "URL of the resource.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "retry-after": {
        "description": "Seconds to wait before the next request; of what is under way, more the longer it takes.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "content-language": {
        "description": "The language of the words for the person, as `Accept-Language` asks for it.",
        "required": True,
        "schema": {"enum": list(Language)},
    },
    "etag": {
        "description": "To be sent as `If-None-Match`.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
    },
    "idempotency-replayed": {
        "description": '"true" if an earlier request created the resource.',
        "required": True,
        "schema": {"const": "true"},
    },
}


def header_parameters() -> Json:
    """The components of `PARAMETERS`."""
    return {name: {"name": name, "in": "header", "schema": {"type": "string"}, **of} for name, of in PARAMETERS.items()}


def declared(parameter: Json) -> Json:
    """A parameter that a handler declares, described. None is no value of a parameter: it is left out instead."""
    schema = {**parameter["schema"]}
    match schema:
        case {"type": [kind, "null"]}:
            schema["type"] = kind
    return {**parameter, "description": DESCRIPTIONS[parameter["name"]], "schema": schema}


def headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
