"""Where each reply leads, for schemathesis alone: clients have no use for links, and their generators no patience."""

from typing import Any

type Link = dict[str, Any]


def _link(operation: str, parameters: dict[str, str] | None = None, body: dict[str, str] | None = None) -> Link:
    link: Link = {"operationId": operation}
    return link | ({"parameters": parameters} if parameters else {}) | ({"requestBody": body} if body else {})


UPLOAD_ID = "$response.body#/upload_id"
USE_UPLOAD = _link("createGeneration", body={"upload_id": UPLOAD_ID, "style": "classic"})
GENERATION = {"generation_id": "$response.body#/id"}
OF_GENERATION = (
    _link("getGeneration", GENERATION),
    _link("selectImage", GENERATION, {"image": "$response.body#/images/0/index"}),
    _link("unselectImage", GENERATION),
    _link("deleteGeneration", GENERATION),
)
ORDER = {"order_id": "$response.body#/id"}
OF_ORDER = (_link("getOrder", ORDER), _link("refundOrder", ORDER))
NEXT = {"cursor": "$response.body#/next_cursor"}

LINKS: dict[tuple[str, str, str], tuple[Link, ...]] = {
    ("/uploads", "post", "201"): (_link("getUpload", {"upload_id": UPLOAD_ID}), USE_UPLOAD),
    ("/uploads/{upload_id}", "get", "200"): (USE_UPLOAD,),
    ("/generations", "post", "202"): OF_GENERATION,
    ("/generations", "post", "200"): OF_GENERATION,
    ("/generations", "get", "200"): (
        _link("listGenerations", NEXT),
        _link("getGeneration", {"generation_id": "$response.body#/items/0/id"}),
    ),
    ("/generations/{generation_id}", "get", "200"): OF_GENERATION,
    ("/generations/{generation_id}/selection", "put", "200"): OF_GENERATION,
    ("/credits/entries", "get", "200"): (_link("listEntries", NEXT),),
    ("/orders", "post", "201"): OF_ORDER,
    ("/orders", "post", "200"): OF_ORDER,
    ("/orders", "get", "200"): (
        _link("listOrders", NEXT),
        _link("getOrder", {"order_id": "$response.body#/items/0/id"}),
    ),
}
