"""Photos that cannot be used: a rejected photo costs nothing and is gone. What S3 refuses: `tests/hostile`."""

import struct
import zlib
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from local.demo import PHOTO
from operations.client import VeilClient
from tests.e2e.world import World, subject, until
from veil.domain.uploads import user_folder

COLLINS = PHOTO.read_bytes()


def encode(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    if kind == "HEIF":  # without its opener, which would take the place of the one under test
        pillow_heif.from_pillow(image).save(out)
    else:
        image.save(out, kind, **options)
    return out.getvalue()


def portrait() -> Image.Image:
    return Image.open(BytesIO(COLLINS))


def in_parallel() -> bytes:
    both = Image.new("RGB", (1024, 512))
    both.paste(portrait(), (0, 0))
    both.paste(portrait(), (512, 0))
    return encode(both)


def far_away() -> bytes:
    field = Image.new("RGB", (1024, 1024), "gray")
    field.paste(portrait().resize((260, 260)), (300, 300))
    return encode(field)


def sideways() -> bytes:
    """Turned, as phones store it: pixels on their side, and an EXIF tag that says so."""
    turned, exif = portrait().transpose(Image.Transpose.ROTATE_90), Image.Exif()
    exif[0x0112] = 6
    return encode(turned, exif=exif)


def huge_png() -> bytes:
    """30,000 × 30,000 pixels of nothing, in about 100 kB."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(30_000 * (1 + 30_000 // 8)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


BAD = {
    "a GIF renamed": (encode(portrait().convert("P"), "GIF"), "image/jpeg", "type_mismatch"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", "not_an_image"),
    "a PDF": (b"%PDF-1.7\n%%EOF", "image/jpeg", "not_an_image"),
    "half a JPEG": (COLLINS[: len(COLLINS) // 2], "image/jpeg", "unreadable_image"),
    "30,000 × 30,000": (huge_png(), "image/png", "image_too_large"),
    "one pixel": (encode(Image.new("RGB", (1, 1))), "image/jpeg", "image_too_small"),
    "two people": (in_parallel(), "image/jpeg", "multiple_faces"),
    "nobody": (encode(Image.linear_gradient("L").resize((640, 640))), "image/jpeg", "no_face"),
    "far away": (far_away(), "image/jpeg", "face_too_small"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_photo_that_cannot_be_used(alice: VeilClient, world: World, case: str) -> None:
    data, content_type, reason = BAD[case]
    upload = alice.ask_upload(data, content_type)
    alice.put_photo(upload, data)
    checked = alice.wait_for_upload(upload["upload_id"])
    assert (checked["status"], checked["reason"]["code"]) == ("rejected", reason)
    answer = alice.api.post("/generations", json={"upload_id": upload["upload_id"], "style": "classic"})
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_rejected")
    assert answer.json()["reason"]["code"] == reason
    assert alice.get("/credits") == {"available": 8, "held": 0, "owed": 0}
    folder = user_folder(subject(alice))
    until(lambda: not world.objects(f"incoming/{folder}/"))
    assert world.objects(f"inputs/{folder}/") == []


@pytest.mark.parametrize(
    ("kind", "content_type"), [("PNG", "image/png"), ("WEBP", "image/webp"), ("HEIF", "image/heic")]
)
def test_other_formats_are_accepted(alice: VeilClient, kind: str, content_type: str) -> None:
    data = encode(portrait(), kind)
    upload = alice.ask_upload(data, content_type)
    alice.put_photo(upload, data)
    assert alice.wait_for_upload(upload["upload_id"])["status"] == "ready"


def test_a_sideways_photo_is_turned_upright(alice: VeilClient, world: World) -> None:
    data = sideways()
    upload = alice.ask_upload(data, "image/jpeg")
    alice.put_photo(upload, data)
    assert alice.wait_for_upload(upload["upload_id"])["status"] == "ready"
    (key,) = world.objects(f"inputs/{user_folder(subject(alice))}/")
    stored = world.s3.get_object(Bucket=world.running.bucket, Key=key)["Body"].read()
    with Image.open(BytesIO(stored)) as upright:
        difference = sum(abs(a - b) for a, b in zip(_thumb(upright), _thumb(portrait()), strict=True))
    assert difference / (16 * 16) < 8  # grey levels: what is left is JPEG's own loss


def _thumb(image: Image.Image) -> list[int]:
    return list(image.convert("L").resize((16, 16)).tobytes())


def test_a_photo_waits_while_the_face_service_refuses_our_key(alice: VeilClient, world: World) -> None:
    world.misbehave(azure={"status": 401})
    upload = alice.ask_upload(COLLINS, "image/jpeg")
    alice.put_photo(upload, COLLINS)
    path, folder = f"/uploads/{upload['upload_id']}", user_folder(subject(alice))
    until(lambda: world.control.get("/_control").json()["counters"].get("azure.detect", 0) > 0)
    assert alice.get(path)["status"] == "checking"
    assert world.objects(f"incoming/{folder}/") != []
    answer = alice.api.post("/generations", json={"upload_id": upload["upload_id"], "style": "classic"})
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_not_ready")
    assert answer.headers["retry-after"] == "1"
    world.behave()
    until(lambda: alice.get(path)["status"] == "ready", seconds=60)
