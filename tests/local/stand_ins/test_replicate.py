"""Replicate's stand-in through Replicate's own client: predictions, refusals, outcomes."""

import io
import re
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import replicate
from PIL import Image, ImageChops, ImageStat, UnidentifiedImageError
from replicate.exceptions import ReplicateError

from local.stand_ins import ProvidersConfig
from local.stand_ins.models import MODELS
from veil.domain.image_models import CATALOGUE, REPLICATE, OutputShape

FLUX = "black-forest-labs/flux-1.1-pro"


def _create(client: replicate.Client, model: str = FLUX, **given: Any) -> str:
    prediction = client.models.predictions.create(
        model=model, input={"prompt": "classic", "output_format": "jpg", **given}
    )
    prediction_id: str = prediction.id
    assert re.fullmatch("[a-z0-9]{26}", prediction_id)
    return prediction_id


def _get(http: httpx.Client, prediction_id: str) -> dict[str, Any]:
    answer = http.get(f"/replicate/v1/predictions/{prediction_id}", headers={"authorization": "Bearer r8_test"})
    body: dict[str, Any] = answer.raise_for_status().json()
    return body


def _ended(http: httpx.Client, prediction_id: str) -> dict[str, Any]:
    pause = threading.Event()
    for _ in range(200):
        body = _get(http, prediction_id)
        if body["status"] not in {"starting", "processing"}:
            return body
        pause.wait(0.02)
    raise AssertionError(f"still {body['status']}")


def _image(http: httpx.Client, prediction_id: str) -> Image.Image:
    answer = http.get(_ended(http, prediction_id)["output"]).raise_for_status()
    return Image.open(io.BytesIO(answer.content))


def test_a_prediction_from_a_photo(client: replicate.Client, http: httpx.Client, receiver: Any) -> None:
    body = _ended(http, _create(client, image_prompt=receiver.photo_url, aspect_ratio="3:4"))
    assert (body["status"], body["version"], body["error"], body["data_removed"]) == (
        "succeeded",
        "hidden",
        None,
        False,
    )
    assert body["input"]["image_prompt"] == receiver.photo_url
    assert body["metrics"]["image_count"] == 1
    assert body["created_at"] <= body["started_at"] <= body["completed_at"]
    answer = http.get(body["output"])
    assert answer.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (896, 1184)


@pytest.mark.parametrize(
    ("model", "photo_input"),
    [
        (FLUX, "image_prompt"),
        ("black-forest-labs/flux-kontext-pro", "input_image"),
        ("black-forest-labs/flux-2-pro", "input_images"),
        ("google/nano-banana", "image_input"),
        ("bytedance/seedream-4", "image_input"),
        ("qwen/qwen-image-edit-plus", "image"),
    ],
)
def test_every_model_takes_its_photo(
    client: replicate.Client, http: httpx.Client, receiver: Any, model: str, photo_input: str
) -> None:
    url, lists = receiver.photo_url, ("images", "_input", "image")
    given = {photo_input: [url] if photo_input.endswith(lists) and photo_input != "input_image" else url}
    body = _ended(http, client.models.predictions.create(model=model, input={"prompt": "classic", **given}).id)
    assert isinstance(body["output"], list) == (CATALOGUE[model].output is OutputShape.LIST)
    (url,) = body["output"] if isinstance(body["output"], list) else [body["output"]]
    assert Image.open(io.BytesIO(http.get(url).content)).width >= 896


@pytest.mark.parametrize("name", [name for name, model in CATALOGUE.items() if model.provider == REPLICATE])
def test_a_model_takes_what_the_catalogue_writes(http: httpx.Client, receiver: Any, name: str) -> None:
    """3:4, as a JPEG; its stand-in refuses what it does not know, and what is missing or of another type."""
    given = CATALOGUE[name].input("a classic wedding", receiver.photo_url, 7 if CATALOGUE[name].takes_seed else None)
    answer = _post(http, name, given)
    assert answer.status_code == 201
    output = _ended(http, answer.json()["id"])["output"]
    found = http.get(output[0] if isinstance(output, list) else output)
    image = Image.open(io.BytesIO(found.content))
    assert (found.headers["content-type"], image.size) == ("image/jpeg", (896, 1184))
    for wrong in ({**given, "sed": 7}, {**given, "prompt": 7}, {**given, "aspect_ratio": "3:5"}, {}):
        assert _post(http, name, wrong).status_code == 422
    known = MODELS[name]["properties"]
    assert ("seed" in known) == CATALOGUE[name].takes_seed
    assert MODELS[name]["source"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("bytedance/seedream-4", {"max_images": 16}),
        ("bytedance/seedream-4", {"seed": 7}),
        ("bytedance/seedream-4", {"image_input": "https://a.test/b"}),
        ("qwen/qwen-image-edit-plus", {"image": "https://a.test/b"}),
        ("qwen/qwen-image-edit-plus", {"image_input": ["https://a.test/b"]}),
        ("google/nano-banana", {"seed": 7}),
    ],
)
def test_each_model_refuses_what_is_anothers(http: httpx.Client, name: str, wrong: dict[str, Any]) -> None:
    url = "https://a.test/b"
    given = CATALOGUE[name].input("a wedding", url, 7 if CATALOGUE[name].takes_seed else None)
    assert _post(http, name, {**given, **wrong}).status_code == 422


def test_qwen_edits_nothing_without_a_photo(http: httpx.Client) -> None:
    answer = _post(http, "qwen/qwen-image-edit-plus", {"prompt": "a wedding"})
    assert answer.json()["invalid_fields"][0]["description"] == "image is required"


def _post(http: httpx.Client, model: str, given: dict[str, Any]) -> httpx.Response:
    url, headers = f"/replicate/v1/models/{model}/predictions", {"authorization": "Bearer r8_test"}
    return http.post(url, json={"input": given}, headers=headers)


def test_four_portraits_are_visibly_different(client: replicate.Client, http: httpx.Client, receiver: Any) -> None:
    ids = [_create(client, image_prompt=receiver.photo_url, seed=seed) for seed in range(4)]
    images = [_image(http, prediction_id).convert("RGB") for prediction_id in ids]
    pairs = [(images[i], images[j]) for i in range(4) for j in range(i)]
    assert min(sum(ImageStat.Stat(ImageChops.difference(*pair)).mean) / 3 for pair in pairs) > 10


def test_a_seed_gives_the_same_portrait_again(client: replicate.Client, http: httpx.Client, receiver: Any) -> None:
    first, second = (_image(http, _create(client, image_prompt=receiver.photo_url, seed=7)) for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_what_it_remembers_is_rendered_once_whatever_the_seed(
    client: replicate.Client, http: httpx.Client, rule: Callable[..., None], receiver: Any
) -> None:
    rule(replicate={"remember": True})
    first, same = (_image(http, _create(client, image_prompt=receiver.photo_url, seed=seed)) for seed in (1, 2))
    other = _image(http, _create(client, image_prompt=receiver.photo_url, seed=1, prompt="another wedding"))
    assert first.tobytes() == same.tobytes() != other.tobytes()


def test_a_photo_that_cannot_be_fetched_fails_the_prediction(
    client: replicate.Client, http: httpx.Client, receiver: Any
) -> None:
    body = _ended(http, _create(client, image_prompt=receiver.photo_url.replace("photo", "expired")))
    assert (body["status"], body["output"]) == ("failed", None)
    assert "403" in body["error"]


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        ({"input": {}}, "required", "input"),
        ({"input": {"prompt": 7}}, "invalid_type", "input.prompt"),
        ({"input": {"prompt": "x", "output_format": "gif"}}, "enum", "input.output_format"),
        ({"input": {"prompt": "x", "safety_tolerance": 7}}, "number_lte", "input.safety_tolerance"),
        ({"input": {"prompt": "x", "image_prompt": "photo.jpg"}}, "format", "input.image_prompt"),
        ({"input": {"prompt": "x", "input_image": "https://a.test/b"}}, "additional_property_not_allowed", "input"),
        ({"input": {"prompt": "x"}, "model": FLUX}, "additional_property_not_allowed", ""),
        ({"input": {"prompt": "x"}, "webhook_events_filter": ["done"]}, "enum", "webhook_events_filter.0"),
    ],
)
def test_a_wrong_input_names_its_fields(http: httpx.Client, body: dict[str, Any], kind: str, field: str) -> None:
    url, headers = f"/replicate/v1/models/{FLUX}/predictions", {"authorization": "Bearer r8_test"}
    answer = http.post(url, json=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [(item["type"], item["field"]) for item in answer.json()["invalid_fields"]] == [(kind, field)]


def test_kontext_is_stricter_with_a_photo(client: replicate.Client, receiver: Any) -> None:
    with pytest.raises(ReplicateError, match="less than or equal to 2"):
        _create(client, "black-forest-labs/flux-kontext-pro", input_image=receiver.photo_url, safety_tolerance=6)


@pytest.mark.parametrize("headers", [{"cancel-after": "4s"}, {"cancel-after": "soon"}])
def test_wrong_headers_are_refused(http: httpx.Client, headers: dict[str, str]) -> None:
    url, body = f"/replicate/v1/models/{FLUX}/predictions", {"input": {"prompt": "x"}}
    answer = http.post(url, json=body, headers={"authorization": "Bearer r8_test", **headers})
    assert answer.status_code == 422


def test_a_deadline_stands_on_the_prediction(http: httpx.Client, client: replicate.Client) -> None:
    url, body = f"/replicate/v1/models/{FLUX}/predictions", {"input": {"prompt": "x"}}
    answer = http.post(url, json=body, headers={"authorization": "Bearer r8_test", "cancel-after": "1h30m"})
    assert answer.status_code == 201
    assert answer.headers["ratelimit-remaining"] == "599"
    assert answer.json()["deadline"] > answer.json()["created_at"]


def test_who_does_not_authenticate_is_refused(config: ProvidersConfig, http: httpx.Client) -> None:
    stranger = replicate.Client(api_token="r8_other", base_url=f"{config.base_url}/replicate")
    with stranger._client, pytest.raises(ReplicateError, match="valid authentication token"):
        _create(stranger)


def test_what_does_not_exist_is_not_found(client: replicate.Client) -> None:
    for call in (lambda: client.predictions.get("a" * 26), lambda: _create(client, "acme/none")):
        with pytest.raises(ReplicateError) as caught:
            call()
        assert caught.value.status == 404


def test_create_is_refused_as_ordered(client: replicate.Client, rule: Callable[..., None]) -> None:
    rule(replicate={"create": [402, {"status": 429, "retry_after": 3}, 503]})
    details = []
    for _ in range(3):
        with pytest.raises(ReplicateError) as caught:
            _create(client)
        details.append((caught.value.status, caught.value.detail))
    assert [status for status, _ in details] == [402, 429, 503]
    assert "~3s" in details[1][1]
    _create(client)


def test_a_lost_answer_leaves_a_prediction(
    client: replicate.Client, http: httpx.Client, rule: Callable[..., None]
) -> None:
    rule(replicate={"create": ["lost"]})
    before = len(http.get("/_control/predictions").json())
    with pytest.raises(httpx.RemoteProtocolError):
        _create(client)
    assert len(http.get("/_control/predictions").json()) == before + 1


def test_a_late_answer_leaves_a_prediction_too(
    config: ProvidersConfig, http: httpx.Client, rule: Callable[..., None]
) -> None:
    rule(replicate={"create": [{"hang": 10}]})
    before = len(http.get("/_control/predictions").json())
    url, body = f"{config.base_url}/replicate/v1/models/{FLUX}/predictions", {"input": {"prompt": "x"}}
    patience = httpx.Timeout(5, read=0.1)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(url, json=body, headers={"authorization": "Bearer r8_test"}, timeout=patience, trust_env=False)
    assert len(http.get("/_control/predictions").json()) == before + 1


def test_get_can_be_refused(client: replicate.Client, http: httpx.Client, rule: Callable[..., None]) -> None:
    prediction_id = _create(client)
    rule(replicate={"get": [500]})
    with pytest.raises(httpx.HTTPStatusError):
        _get(http, prediction_id)
    assert _get(http, prediction_id)["id"] == prediction_id


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ({"kind": "failed", "error": "CUDA out of memory (E1001)"}, ("failed", "E1001")),
        ("flagged", ("failed", "E005")),
        ("canceled", ("canceled", None)),
        ("aborted", ("aborted", None)),
    ],
)
def test_predictions_that_make_nothing(
    client: replicate.Client,
    http: httpx.Client,
    rule: Callable[..., None],
    outcome: Any,
    expected: tuple[str, str | None],
) -> None:
    rule(replicate={"outcome": [outcome]})
    body = _ended(http, _create(client))
    code = re.search(r"\((E\d{3,4})\)", body["error"] or "")
    assert (body["status"], code and code[1]) == expected
    assert body["output"] is None


@pytest.mark.parametrize(("outcome", "output"), [("no_output", None), ("empty_list", [])])
def test_success_without_an_output(
    client: replicate.Client, http: httpx.Client, rule: Callable[..., None], outcome: str, output: Any
) -> None:
    rule(replicate={"outcome": [outcome]})
    body = _ended(http, _create(client))
    assert (body["status"], body["output"]) == ("succeeded", output)


def test_outputs_that_are_no_good(client: replicate.Client, http: httpx.Client, rule: Callable[..., None]) -> None:
    kinds = ["missing_output", "not_an_image", "truncated_output", "redirect", "foreign_host", "list_output"]
    rule(replicate={"outcome": kinds})
    outputs = {kind: _ended(http, _create(client))["output"] for kind in kinds}
    assert http.get(outputs["missing_output"]).status_code == 404
    not_an_image = http.get(outputs["not_an_image"])
    assert not_an_image.headers["content-type"].startswith("image/")
    with pytest.raises(UnidentifiedImageError):
        Image.open(io.BytesIO(not_an_image.content))
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(http.get(outputs["truncated_output"]).content)).load()
    redirect = http.get(outputs["redirect"])
    assert redirect.status_code == 302
    for foreign in (redirect.headers["location"], outputs["foreign_host"]):
        assert foreign.startswith("http://localhost:")
        assert http.get(foreign).headers["content-type"] == "image/jpeg"
    assert http.get(outputs["list_output"][0]).status_code == 200


def test_a_huge_output_has_no_length(client: replicate.Client, http: httpx.Client, rule: Callable[..., None]) -> None:
    rule(replicate={"outcome": ["huge_output"]})
    with http.stream("GET", _ended(http, _create(client))["output"]) as answer:
        assert "content-length" not in answer.headers
        assert sum(map(len, answer.iter_bytes())) > 64 * 1024 * 1024


def test_cancel_ends_it_for_good(client: replicate.Client, http: httpx.Client, rule: Callable[..., None]) -> None:
    rule(replicate={"outcome": "never"})
    prediction_id = _create(client)
    assert client.predictions.cancel(prediction_id).status == "canceled"
    assert client.predictions.cancel(prediction_id).status == "canceled"
    assert _get(http, prediction_id)["output"] is None


def test_an_outcome_can_be_decided_while_it_runs(
    client: replicate.Client, http: httpx.Client, rule: Callable[..., None]
) -> None:
    rule(replicate={"outcome": "never"})
    first, second = _create(client), _create(client)
    http.post(f"/_control/predictions/{second}/outcome", json={"kind": "succeeded"}).raise_for_status()
    assert _ended(http, second)["status"] == "succeeded"
    assert _get(http, first)["status"] in {"starting", "processing"}
    client.predictions.cancel(first)


def test_rules_that_make_no_sense_are_refused(http: httpx.Client) -> None:
    senseless: list[object] = [{"replicat": {}}, {"replicate": {"outcome": "fine"}}, {"azure": {"status": "x"}}, []]
    for changes in senseless:
        assert http.post("/_control", json=changes).status_code == 422


def test_counters_count_until_they_are_reset(client: replicate.Client, http: httpx.Client) -> None:
    http.delete("/_control")
    _create(client)
    assert http.get("/_control").json()["counters"]["replicate.create"] == 1
