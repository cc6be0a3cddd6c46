"""`/uploads`: a place for exactly one photo, and what became of it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local.simulated.environment import BUCKET
from tests.support.driver import is_problem
from tests.support.functions import Call
from veil.api.words import REASONS
from veil.domain.ids import is_id
from veil.domain.uploads import Reason, user_folder

pytestmark = pytest.mark.usefixtures("agreed")
SHA = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


@pytest.mark.parametrize("content_type", ["image/jpeg", "image/png", "image/webp", "image/heic"])
@pytest.mark.parametrize("size", [1, 10 * 1024 * 1024])
def test_a_place_for_a_photo(call: Call, user: str, content_type: str, size: int) -> None:
    answer = call("uploads", "POST", "/uploads", {"content_type": content_type, "size": size, "sha256": SHA})
    place = answer.json
    assert answer.status == 201
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["location"] == f"/uploads/{place['upload_id']}"
    assert set(place) == {"upload_id", "status", "method", "url", "headers", "expires_at"}
    assert (place["status"], place["method"]) == ("pending", "PUT")
    assert place["headers"] == {"Content-Type": content_type, "x-amz-checksum-sha256": SHA}
    url = urlsplit(place["url"])
    assert url.hostname == f"{BUCKET}.s3.ap-northeast-2.amazonaws.com"
    assert url.path == f"/incoming/{user_folder(user)}/{place['upload_id']}"
    query = parse_qs(url.query)
    assert query["X-Amz-Expires"] == ["300"]
    signed = query["X-Amz-SignedHeaders"][0].split(";")
    assert {"content-type", "content-length", "host", "x-amz-checksum-sha256"} <= set(signed)


def test_without_a_checksum(call: Call) -> None:
    place = call("uploads", "POST", "/uploads", {"content_type": "image/png", "size": 7, "sha256": None}).json
    assert set(place["headers"]) == {"Content-Type"}
    assert "checksum-sha256" not in place["url"]
    assert is_id(place["upload_id"])


@pytest.mark.parametrize("status", ["pending", "checking", "ready", "rejected"])
def test_what_became_of_it(call: Call, uploaded: Any, user: str, status: str) -> None:
    upload_id = uploaded(status, user)
    answer = call("uploads", "GET", f"/uploads/{upload_id}", headers={"accept-language": "en"})
    size = (768, 1024) if status == "ready" else (None, None)
    assert answer.status == 200
    created_at = answer.json["created_at"]
    assert created_at.endswith("Z")
    assert len(created_at) == len("2026-11-23T01:02:03Z")
    assert answer.json == {
        "upload_id": upload_id,
        "status": status,
        "reason": {"code": "no_face", "detail": REASONS[Reason.NO_FACE].en} if status == "rejected" else None,
        "width": size[0],
        "height": size[1],
        "created_at": created_at,
    }
    assert (answer.headers["content-language"], answer.headers["vary"]) == ("en", "accept-language")
    assert answer.headers.get("retry-after") in ({None} if status in ("ready", "rejected") else {"1", "2"})
    assert call("uploads", "GET", f"/uploads/{upload_id}").headers["content-language"] == "ko"


def test_too_many_of_them(call: Call, functions: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = functions["uploads"].bootstrap.create_upload.limiter
    monkeypatch.setattr(limiter, "_limit", 2)
    body = {"content_type": "image/png", "size": 7}
    assert [call("uploads", "POST", "/uploads", body).status for _ in range(2)] == [201, 201]
    answer = call("uploads", "POST", "/uploads", body)
    is_problem(answer, 429, "rate_limited")
    assert 590 <= int(answer.headers["retry-after"]) <= 600
