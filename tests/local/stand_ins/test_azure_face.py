"""Azure Face's stand-in through Azure's own client: the detector, and the service's refusals."""

import io
import random
import threading
from collections.abc import Callable, Iterator
from json import JSONDecodeError
from typing import Any

import httpx
import pytest
import replicate
from azure.ai.vision.face import FaceClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from PIL import Image, ImageOps

from local.stand_ins import ProvidersConfig, portraits

DETECT = {"detection_model": "detection_03", "recognition_model": "recognition_04", "return_face_id": False}


def _jpeg(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90, **options)
    return buffer.getvalue()


@pytest.fixture
def face_client(config: ProvidersConfig) -> Iterator[FaceClient]:
    credential = AzureKeyCredential("azure-key")
    with FaceClient(f"{config.base_url}/azure", credential, api_version="v1.2", retry_total=0) as client:
        yield client


def _side_by_side(photo: Image.Image, gap: int = 0) -> Image.Image:
    pair = Image.new("RGB", (2 * photo.width + gap, photo.height))
    pair.paste(photo, (0, 0))
    pair.paste(ImageOps.mirror(photo), (photo.width + gap, 0))
    return pair


@pytest.mark.parametrize("side", [256, 512, 1024])
def test_one_face_wherever_the_photo_is_scaled(face_client: FaceClient, photo: Image.Image, side: int) -> None:
    (face,) = face_client.detect(_jpeg(photo.resize((side, side))), **DETECT)
    assert face.face_rectangle.width / side == pytest.approx(89 / 512, rel=0.12)
    assert face.face_rectangle.left / side == pytest.approx(178 / 512, abs=0.03)


def test_a_face_under_36_pixels_is_not_seen(face_client: FaceClient, photo: Image.Image) -> None:
    assert face_client.detect(_jpeg(photo.resize((192, 192))), **DETECT) == []


def test_two_people_are_two_faces_largest_first(face_client: FaceClient, photo: Image.Image) -> None:
    found = face_client.detect(_jpeg(_side_by_side(photo)), **DETECT)
    areas = [face.face_rectangle.width * face.face_rectangle.height for face in found]
    assert len(found) == 2
    assert areas == sorted(areas, reverse=True)


@pytest.mark.parametrize(
    "image",
    [
        Image.radial_gradient("L").resize((512, 512)),
        Image.linear_gradient("L").resize((512, 512)),
        Image.frombytes("RGB", (256, 256), random.Random(1).randbytes(256 * 256 * 3)),
    ],
    ids=["radial", "linear", "noise"],
)
def test_no_face_where_there_is_none(face_client: FaceClient, image: Image.Image) -> None:
    assert face_client.detect(_jpeg(image.convert("RGB")), **DETECT) == []


def test_a_wrong_key_is_an_authentication_error(config: ProvidersConfig, photo: Image.Image) -> None:
    with (
        FaceClient(f"{config.base_url}/azure", AzureKeyCredential("other"), api_version="v1.2") as client,
        pytest.raises(ClientAuthenticationError) as caught,
    ):
        client.detect(_jpeg(photo), **DETECT)
    assert caught.value.error.code == "401"


@pytest.mark.parametrize(
    ("content", "options", "status", "code"),
    [
        (b"%PDF-1.7" + bytes(2000), {}, 400, "InvalidImage"),
        (b"\xff\xd8\xff" + bytes(500), {}, 400, "InvalidImageSize"),
        (bytes(6 * 1024 * 1024 + 1), {}, 400, "InvalidImageSize"),
        (bytes(2000), {"return_face_attributes": ["occlusion"]}, 400, "BadArgument"),
        (bytes(2000), {"detection_model": "detection_09"}, 400, "BadArgument"),
        (bytes(2000), {"return_face_id": True}, 403, "UnsupportedFeature"),
    ],
    ids=["not-an-image", "too-small", "too-big", "attribute", "model", "face-id"],
)
def test_refusals(face_client: FaceClient, content: bytes, options: dict[str, Any], status: int, code: str) -> None:
    with pytest.raises(HttpResponseError) as caught:
        face_client.detect(content, **{**DETECT, **options})
    assert (caught.value.status_code, caught.value.error.code) == (status, code)


def test_a_truncated_jpeg_is_an_invalid_image(face_client: FaceClient, photo: Image.Image) -> None:
    data = _jpeg(photo)
    with pytest.raises(HttpResponseError) as caught:
        face_client.detect(data[: len(data) // 2], **DETECT)
    assert caught.value.error.code == "InvalidImage"


def test_another_media_type_is_refused(http: httpx.Client) -> None:
    headers = {"ocp-apim-subscription-key": "azure-key", "content-type": "image/jpeg"}
    answer = http.post("/azure/face/v1.2/detect?returnFaceId=false", content=bytes(2000), headers=headers)
    assert answer.status_code == 415


def test_throttling_says_when_to_come_back(http: httpx.Client, rule: Callable[..., None]) -> None:
    rule(azure=[{"status": 429, "retry_after": 7}])
    answers = [http.post("/azure/face/v1.2/detect") for _ in range(2)]
    assert answers[0].headers["retry-after"] == "7"
    assert [answer.status_code for answer in answers] == [429, 401]


def test_html_instead_of_json(face_client: FaceClient, photo: Image.Image, rule: Callable[..., None]) -> None:
    rule(azure=[{"html": True}])
    with pytest.raises(JSONDecodeError):
        face_client.detect(_jpeg(photo), **DETECT)


def test_a_count_can_be_ordered(face_client: FaceClient, photo: Image.Image, rule: Callable[..., None]) -> None:
    rule(azure={"count": 3})
    assert len(face_client.detect(_jpeg(photo), **DETECT)) == 3


def test_a_queue_of_portraits_keeps_no_photo_waiting(
    face_client: FaceClient, photo: Image.Image, client: replicate.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def render(*_: object) -> portraits.Portrait:
        released.wait(10)
        return portraits.Portrait(b"", "image/jpeg", "jpg")

    monkeypatch.setattr(portraits, "render", render)
    try:
        for _ in range(40):  # more than there are threads of any kind
            client.models.predictions.create(model="black-forest-labs/flux-1.1-pro", input={"prompt": "a wedding"})
        (_face,) = face_client.detect(_jpeg(photo), **DETECT, read_timeout=5)
    finally:
        released.set()
