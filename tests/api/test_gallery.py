"""What only looks, chooses or deletes: lists and their cursors, etags, selection, deletion, credits, styles, health."""

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import veil
from local.photos.make import encode, noise
from local.simulated.environment import WEB_URL
from tests.support.callbacks import Callbacks
from tests.support.driver import is_problem
from tests.support.functions import Call, Ready
from tests.support.image_urls import invalidated, verified
from tests.support.wire import Reply, Wire
from veil.adapters.containers.label import labelled
from veil.api.words import IMAGE_ERRORS
from veil.domain.generation import ImageError
from veil.domain.styles import STYLES

FLAGGED = ImageError.CONTENT_FLAGGED
JPEG = encode(noise(), "JPEG")
Of = Callable[[str], Callbacks]


def test_health(call: Call) -> None:
    answer = call("gallery", "GET", "/health", user=None)
    assert (answer.status, answer.json) == (200, {"status": "ok", "version": veil.__version__})
    assert answer.headers["content-type"] == "application/json"


def test_styles(call: Call) -> None:
    answer = call("gallery", "GET", "/styles", user=None)
    assert [style["id"] for style in answer.json["styles"]] == ["classic", "modern", "vintage", "romantic", "cinematic"]
    for style in answer.json["styles"]:
        assert set(style) == {"id", "name", "description", "samples"}
        assert set(style["name"]) == set(style["description"]) == {"ko", "en"}
        assert [url.rpartition("/")[2] for url in style["samples"]] == [f"{style['id']}-{n}.jpg" for n in (1, 2, 3)]
    assert answer.json["credits"] == 4
    assert "max-age" in answer.headers["cache-control"]


def test_what_a_generation_reserves_and_samples(
    call: Call, functions: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap = functions["gallery"].bootstrap
    chosen = {"credits_per_image": 2, "images_per_generation": 3, "web_url": "https://veil.example"}
    monkeypatch.setattr(bootstrap, "settings", bootstrap.settings.model_copy(update=chosen))
    shown = call("gallery", "GET", "/styles").json
    assert shown["credits"] == 6
    pictures = [f"https://veil.example/samples/{style}-{number}.jpg" for style in STYLES for number in (1, 2, 3)]
    assert [url for style in shown["styles"] for url in style["samples"]] == pictures


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("{etag}", 304),
        ('"x", {etag}', 304),
        ('"x",{etag},"y"', 304),
        ("W/{etag}", 304),
        ("*", 304),
        ('"x"', 200),
        ("{bare}", 200),
        ("", 200),
    ],
)
def test_if_none_match(call: Call, sent: str, status: int) -> None:
    etag = call("gallery", "GET", "/styles").headers["etag"]
    assert etag.startswith('"')
    sent = sent.format(etag=etag, bare=etag.strip('"'))
    answer = call("gallery", "GET", "/styles", headers={"if-none-match": sent})
    assert answer.status == status
    assert answer.headers["etag"] == etag
    assert bool(answer.text) is (status == 200)


@pytest.fixture
def settled(call: Call, ready: Ready, callbacks: Of, outputs: Wire) -> str:
    """A partial generation: 0 and 2 stored, 1 and 3 refunded."""
    outputs.answer(Reply(200, JPEG))
    generation_id: str = call("generations", "POST", "/generations", ready.body).json["id"]
    told = callbacks(generation_id)
    for index in range(4):
        if index % 2:
            assert told.tell(index, "failed", error="NSFW").status == 204
        else:
            assert told.tell(index, "succeeded", output=[f"{outputs.url}/a.jpg"]).status == 204
    return generation_id


def test_while_it_is_processing(call: Call, ready: Ready) -> None:
    generation_id = call("generations", "POST", "/generations", ready.body).json["id"]
    answer = call("gallery", "GET", f"/generations/{generation_id}")
    assert answer.json["status"] == "processing"
    assert answer.headers["retry-after"] in {"2", "3"}
    assert answer.headers["cache-control"] == "private, no-cache"
    known = {"if-none-match": answer.headers["etag"]}
    again = call("gallery", "GET", f"/generations/{generation_id}", headers=known)
    assert (again.status, again.text) == (304, "")
    assert again.headers["retry-after"] in {"2", "3"}
    deletion = call("gallery", "DELETE", f"/generations/{generation_id}")
    is_problem(deletion, 409, "still_processing")
    assert deletion.headers["retry-after"] == "2"
    selection = f"/generations/{generation_id}/selection"
    is_problem(call("gallery", "PUT", selection, {"image": 0}), 409, "image_not_stored")


def test_once_it_is_settled(call: Call, settled: str) -> None:
    answer = call("gallery", "GET", f"/generations/{settled}", headers={"accept-language": "en"})
    shown = answer.json
    assert "retry-after" not in answer.headers
    assert (shown["status"], shown["finished_at"][-1]) == ("partial", "Z")
    assert [image["status"] for image in shown["images"]] == ["stored", "refunded"] * 2
    assert shown["images"][1]["error"] == {"code": FLAGGED, "detail": IMAGE_ERRORS[FLAGGED].en}
    for image in shown["images"]:
        stored = image["status"] == "stored"
        assert (image["url"] is not None, image["url_expires_at"] is not None, image["error"] is None) == (stored,) * 3
        assert image["url"] is None or verified(image["url"]).startswith(f"{WEB_URL}/results/")
    assert shown["credits"] == {"reserved": 4, "captured": 2, "refunded": 2}
    known = {"if-none-match": answer.headers["etag"], "accept-language": "en"}
    assert call("gallery", "GET", f"/generations/{settled}", headers=known).status == 304
    assert call("gallery", "GET", "/credits").json == {"available": 6, "held": 0, "owed": 0}


def test_to_download_each_url_names_a_file(call: Call, settled: str) -> None:
    shown = call("gallery", "GET", f"/generations/{settled}", query={"download": "1"}).json
    listed = call("gallery", "GET", "/generations", query={"download": "1"}).json["items"][0]
    for answered in (shown, listed):
        stored = [verified(image["url"]) for image in answered["images"] if image["url"]]
        assert [resource.partition("?")[2] for resource in stored] == [
            "download=veil-classic-1.jpg", "download=veil-classic-3.jpg",
        ]  # fmt: skip
    assert (
        "?Expires="
        in call("gallery", "GET", f"/generations/{settled}", query={"download": "0"}).json["images"][0]["url"]
    )


def test_selection(call: Call, settled: str) -> None:
    path = f"/generations/{settled}/selection"
    answer = call("gallery", "PUT", path, {"image": 2})
    assert (answer.status, answer.json["selected"], answer.json["id"]) == (200, 2, settled)
    before = call("gallery", "GET", f"/generations/{settled}")
    assert before.json["selected"] == 2
    is_problem(call("gallery", "PUT", path, {"image": 1}), 409, "image_not_stored")
    for index in (-1, 4, 10**30):
        is_problem(call("gallery", "PUT", path, {"image": index}), 422, "invalid_request", {"errors"})
    assert call("gallery", "GET", f"/generations/{settled}").json["selected"] == 2
    for _ in range(2):
        answer = call("gallery", "DELETE", path)
        assert (answer.status, answer.text) == (204, "")
    after = call("gallery", "GET", f"/generations/{settled}", headers={"if-none-match": before.headers["etag"]})
    assert (after.status, after.json["selected"]) == (200, None)


def test_deletion(call: Call, settled: str, functions: dict[str, Any], user: str) -> None:
    photos = functions["sweeper"].bootstrap.bucket  # the gallery may read none
    keys = [functions["gallery"].bootstrap.gallery.generations.get(user, settled).result_key(index) for index in (0, 2)]
    assert all(photos.read(key) == labelled(JPEG, "image/jpeg") for key in keys)
    answer = call("gallery", "DELETE", f"/generations/{settled}")
    assert (answer.status, answer.text) == (204, "")
    assert [photos.read(key) for key in keys] == [None, None]
    assert invalidated()[-1] == f"/{keys[0].rpartition('/')[0]}/*"
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "/selection", {"image": 0}),
        ("DELETE", "/selection", None),
    ):
        is_problem(call("gallery", method, f"/generations/{settled}{path}", body), 404, "generation_not_found")
    assert call("gallery", "DELETE", f"/generations/{settled}").status == 204  # again, as after a lost answer
    assert call("gallery", "GET", "/generations").json == {"items": [], "next_cursor": None}
    assert call("gallery", "GET", "/credits").json == {"available": 6, "held": 0, "owed": 0}


def _pages(call: Call, path: str, limit: int, user: str) -> list[list[Any]]:
    pages, query = [], {"limit": str(limit)}
    while True:
        answer = call("gallery", "GET", path, query=query, user=user)
        assert answer.status == 200
        assert set(answer.json) == {"items", "next_cursor"}
        pages.append(answer.json["items"])
        if answer.json["next_cursor"] is None:
            return pages
        query = {"limit": str(limit), "cursor": answer.json["next_cursor"]}


@pytest.fixture
def five(call: Call, ready: Ready, functions: dict[str, Any], user: str) -> list[str]:
    """Five generations, newest first."""
    functions["generations"].bootstrap.accounts.open_account(user, 20, 0)
    made = [call("generations", "POST", "/generations", ready.body).json["id"] for _ in range(5)]
    return made[::-1]


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (4, [4, 1]), (5, [5]), (50, [5])])
def test_pages_of_generations(call: Call, five: list[str], user: str, limit: int, sizes: list[int]) -> None:
    pages = _pages(call, "/generations", limit, user)
    assert [len(page) for page in pages] == sizes
    listed = [generation["id"] for page in pages for generation in page]
    assert sorted(listed) == sorted(five)
    assert listed == sorted(listed, reverse=True)


def test_pages_of_entries(call: Call, five: list[str], user: str) -> None:
    entries = [entry for page in _pages(call, "/credits/entries", 2, user) for entry in page]
    assert [set(entry) for entry in entries] == [{"id", "kind", "amount", "reference", "created_at"}] * 6
    assert sorted((entry["kind"], entry["amount"]) for entry in entries) == [("grant", 20)] + [("reserve", -4)] * 5
    assert sum(entry["amount"] for entry in entries) == call("gallery", "GET", "/credits").json["available"]
    assert {entry["reference"] for entry in entries} == {*five, "welcome"}


def test_an_account_that_nobody_has_seen(call: Call) -> None:
    assert call("gallery", "GET", "/credits").json == {"available": 8, "held": 0, "owed": 0}
    assert call("gallery", "GET", "/credits").json == {"available": 8, "held": 0, "owed": 0}
    [entry] = call("gallery", "GET", "/credits/entries").json["items"]
    assert (entry["kind"], entry["amount"], entry["reference"]) == ("grant", 8, "welcome")
    assert call("gallery", "GET", "/generations").json == {"items": [], "next_cursor": None}


def test_json_is_as_it_is_written(call: Call) -> None:
    """Korean as it is, not as escapes: bodies are read by people, too."""
    assert "클래식" in call("gallery", "GET", "/styles").text
    answer = call("gallery", "GET", "/nowhere")
    assert json.loads(answer.text)["detail"] in answer.text
