"""The visit that is counted: a photo as a phone takes it, four images, each looked at once, one selected."""

from PIL import Image

from local.demo import PHOTO
from local.photos.make import encode
from local.processes import LocalError
from operations.visit import (
    CREDITS,
    Ask,
    Script,
    agree,
    generate,
    leave,
    ready,
    select,
    upload,
    wait_for_check,
    wait_for_erasure,
    wait_for_images,
)

PHONE_PHOTO = (3024, 4032)  # pixels: 12 megapixels, what a phone takes
PATIENCE_SECONDS = 120
FACES = "face_comparison"


def phone_photo() -> bytes:
    """The photo that ships, as large as a phone takes one; a JPEG."""
    with Image.open(PHOTO) as photo:
        return encode(photo.convert("RGB").resize(PHONE_PHOTO, Image.Resampling.LANCZOS), "JPEG", quality=90)


def visit(photo: bytes, key: str, *, compared: bool = False) -> Script[list[int]]:
    """All of it; answers the images' sizes in bytes. ``compared``: the person agrees to that, and every image has to
    be found to show them. Raises `OperationError` when anything fails.
    """
    yield Ask("GET", "/styles")
    yield CREDITS
    yield from agree(*([FACES] if compared else []))
    upload_id = yield from upload(photo, "image/jpeg")
    ready((yield from wait_for_check(upload_id, PATIENCE_SECONDS)))
    made = (yield generate(upload_id, "classic", key)).json()
    generation = yield from wait_for_images(made["id"], PATIENCE_SECONDS)
    if generation["status"] != "completed":
        raise LocalError(f"a generation ended as {generation['status']}: {generation['images']}")
    if compared and any(image["likeness"] is None for image in generation["images"]):
        raise LocalError(f"an image was not compared: {generation['images']}")
    sizes = []
    for image in generation["images"]:
        sizes.append(len((yield Ask("GET", image["url"])).content))
    yield select(made["id"], 2)
    yield Ask("GET", "/generations")
    yield CREDITS
    return sizes


def purchase(pay_url: str) -> Script[None]:
    """One pack, paid in the window that the stand-in at ``pay_url`` plays, and the order looked at once more."""
    yield Ask("GET", "/products")
    placed = {"product": "pack_medium"}
    order = (yield Ask("POST", "/orders", placed, headers={"idempotency-key": "tap"}, expected={201})).json()
    window = {
        "orderId": order["id"],
        "amount": order["amount"],
        "orderName": order["order_name"],
        "customerKey": order["customer_key"],
        "clientKey": order["client_key"],
    }
    paid = (yield Ask("POST", pay_url, window)).json()
    confirmation = {"payment_key": paid["paymentKey"], "amount": int(paid["amount"])}
    yield Ask("POST", f"/orders/{order['id']}/confirm", confirmation)
    yield Ask("GET", f"/orders/{order['id']}")
    yield CREDITS


def welcome() -> Script[None]:
    """A new account, which is granted the welcome."""
    yield CREDITS


def consents() -> Script[None]:
    """Both are asked for and given."""
    yield from agree(FACES)


def leaving() -> Script[None]:
    """The account is erased, and its receipt looked at until it says so."""
    receipt = (yield leave()).json()["receipt"]
    yield from wait_for_erasure(receipt, PATIENCE_SECONDS)
