"""Azure's real client against every row of the service's table of errors."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.ai.vision.face import FaceClient

from tests.fakes.secrets import FakeSecret
from tests.support.wire import Reply, Wire, closed_port
from veil.adapters.credentials import Credentialed
from veil.adapters.providers.azure_face import OPTIONS, AzureFaceDetector, face_client
from veil.domain.photos import Face, FaceServiceDown, FaceServiceRefused, Photo, Rejected
from veil.domain.uploads import Reason

PHOTO = Photo(b"\xff\xd8\xff the photo's very bytes", 600, 800)


def _face(width: float, height: float, **more: Any) -> dict[str, Any]:
    return {"faceRectangle": {"top": 54, "left": 394, "width": width, "height": height}, **more}


def _error(status: int, code: str, **headers: str) -> Reply:
    names = {"x-ms-error-code": code, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Reply(status, {"error": {"code": code, "message": "because"}}, names)


@pytest.fixture
def client(wire: Wire) -> Iterator[FaceClient]:
    client = face_client(wire.url, "the-key")
    yield client
    client.close()


@pytest.fixture
def detector(client: FaceClient) -> AzureFaceDetector:
    return AzureFaceDetector(Credentialed(FakeSecret("the-key"), lambda _: client))


@pytest.fixture
def sleeps(client: FaceClient, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each sleep of the client, which returns at once."""
    seconds: list[float] = []
    monkeypatch.setattr(client._client._pipeline._transport, "sleep", seconds.append)
    return seconds


def test_what_is_asked(wire: Wire, detector: AzureFaceDetector) -> None:
    wire.answer(Reply(200, []))
    assert detector.detect(PHOTO) == []
    [asked] = wire.asked
    path, _, query = asked.path.partition("?")
    assert (asked.method, path) == ("POST", "/face/v1.2/detect")
    assert set(query.split("&")) == {
        "detectionModel=detection_03",
        "recognitionModel=recognition_04",
        "returnFaceId=false",
    }
    assert asked.headers["ocp-apim-subscription-key"] == "the-key"
    assert asked.headers["content-type"] == "application/octet-stream"
    assert asked.body == PHOTO.jpeg


def test_faces(wire: Wire, detector: AzureFaceDetector) -> None:
    wire.answer(Reply(200, [_face(120, 140, faceAttributes={"mask": {"type": "noMask"}}), _face(40, 50, new=1)]))
    assert detector.detect(PHOTO) == [Face(120, 140), Face(40, 50)]


@pytest.mark.parametrize("code", ["InvalidImage", "InvalidImageSize"])
def test_the_photo_is_at_fault(wire: Wire, detector: AzureFaceDetector, code: str) -> None:
    wire.answer(_error(400, code))
    with pytest.raises(Rejected) as rejected:
        detector.detect(PHOTO)
    assert rejected.value.reason is Reason.UNREADABLE_IMAGE


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "BadArgument"),
        (401, "401"),
        (403, "UnsupportedFeature"),
        (403, "403"),
        (404, "404"),
    ],
)
def test_we_are_at_fault(wire: Wire, detector: AzureFaceDetector, status: int, code: str) -> None:
    wire.answer(_error(status, code))
    with pytest.raises(FaceServiceRefused, match=str(status)):
        detector.detect(PHOTO)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "SomethingNew"),
        (400, "InvalidURL"),
        (408, "OperationTimeOut"),
        (409, "ConcurrentOperationConflict"),
        (413, "413"),
        (415, "UnsupportedMediaType"),
        (429, "429"),
        (500, "InternalServerError"),
        (502, "BadGateway"),
        (503, "ServiceUnavailable"),
        (504, "GatewayTimeout"),
    ],
)
def test_the_service_is_down_for_now(
    wire: Wire, detector: AzureFaceDetector, sleeps: list[float], status: int, code: str
) -> None:
    """Asked once: its client would sleep for as long as the service says, and ask again."""
    wire.answer(_error(status, code, Retry_After="30"))
    with pytest.raises(FaceServiceDown):
        detector.detect(PHOTO)
    assert (len(wire.asked), sleeps) == (1, [])


@pytest.mark.parametrize("body", [{}, {"error": None}, {"error": {"message": "no code"}}, ["no"]], ids=str)
def test_a_400_without_a_reason_says_nothing_of_the_photo(wire: Wire, detector: AzureFaceDetector, body: Any) -> None:
    wire.answer(Reply(400, body))
    with pytest.raises(FaceServiceDown):
        detector.detect(PHOTO)


def test_a_connection_that_went_stale_is_replaced(wire: Wire, detector: AzureFaceDetector) -> None:
    wire.answer(Reply(reset=True), Reply(200, [_face(120, 140)]))
    assert detector.detect(PHOTO) == [Face(120, 140)]
    assert len(wire.asked) == 2


def test_one_that_is_lost_twice_is_not_asked_a_third_time(wire: Wire, detector: AzureFaceDetector) -> None:
    wire.answer(Reply(reset=True))
    with pytest.raises(FaceServiceDown):
        detector.detect(PHOTO)
    assert len(wire.asked) == 2


@pytest.mark.parametrize("path", ["", "/", "//", "/face", "/face/v1.0", "/face/v1.0/", "/face/v1.2"])
def test_an_endpoint_as_the_portal_shows_it(wire: Wire, path: str) -> None:
    wire.answer(Reply(200, []))
    with face_client(wire.url + path, "the-key") as client:
        client.detect(PHOTO.jpeg, **OPTIONS)
    assert wire.asked[0].path.partition("?")[0] == "/face/v1.2/detect"


@pytest.mark.parametrize("status", [200, 400, 408, 429, 500, 502, 503])
@pytest.mark.parametrize("body", [b"<html><body>Bad gateway</body></html>", b"", b"\xff\xfe\x00\x9f"], ids=str)
def test_a_page_instead_of_an_answer(wire: Wire, detector: AzureFaceDetector, status: int, body: bytes) -> None:
    wire.answer(Reply(status, body, {"content-type": "text/html"}))
    with pytest.raises(FaceServiceDown):
        detector.detect(PHOTO)
    assert len(wire.asked) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_page_that_refuses_us(wire: Wire, detector: AzureFaceDetector, status: int) -> None:
    wire.answer(Reply(status, b"<html>", {"content-type": "text/html"}))
    with pytest.raises((FaceServiceRefused, FaceServiceDown)):
        detector.detect(PHOTO)


@pytest.mark.parametrize("body", [{}, {"faces": []}, "x", None, [{}], [None], [7], [{"faceRectangle": None}]], ids=str)
def test_an_answer_of_another_shape(wire: Wire, detector: AzureFaceDetector, body: Any) -> None:
    """Never taken for "no face", which would reject a good photo."""
    wire.answer(Reply(200, body))
    with pytest.raises(FaceServiceDown):
        detector.detect(PHOTO)


def test_nobody_there() -> None:
    with (
        face_client(f"http://127.0.0.1:{closed_port()}", "key") as client,
        pytest.raises(FaceServiceDown),
    ):
        AzureFaceDetector(Credentialed(FakeSecret("the-key"), lambda _: client)).detect(PHOTO)


def test_it_waits_for_seconds_and_no_more(wire: Wire, client: FaceClient, detector: AzureFaceDetector) -> None:
    """Its own default is five minutes for each."""
    limits = client._client._pipeline._transport.connection_config
    assert (limits.timeout, limits.read_timeout) == (3, 8)
    limits.read_timeout = 0.2
    wire.answer(Reply(hang=True))
    with pytest.raises(FaceServiceDown, match="ServiceResponseTimeoutError"):
        detector.detect(PHOTO)
    assert len(wire.asked) == 1
