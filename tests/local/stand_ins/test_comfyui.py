"""The stand-in of ComfyUI's native routes: what it refuses, what it says of a job, what it keeps."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from local.processes import poll
from local.stand_ins import faces
from local.stand_ins.comfyui.graph import WEIGHTS
from tests.local.stand_ins.conftest import PHOTO
from veil.domain.image_models import CATALOGUE, COMFY
from veil.domain.workflow import NAME, filled
from veil.domain.workflow import PHOTO as THE_PHOTO

MODELS = [name for name, model in CATALOGUE.items() if model.provider == COMFY]


@pytest.fixture
def comfyui(http: httpx.Client, rule: Callable[..., None]) -> Iterator[httpx.Client]:
    rule(comfyui={"latency": 0})
    upload(http, "ada.jpg", PHOTO.read_bytes())
    yield http
    http.post("/_control/comfyui/restart").raise_for_status()


def upload(http: httpx.Client, name: str, data: bytes, subfolder: str = "") -> dict[str, str]:
    form = {"type": "input", "subfolder": subfolder} if subfolder else {"type": "input"}
    answer = http.post("/comfyui/upload/image", data=form, files={"image": (name, data, "image/jpeg")})
    told: dict[str, str] = answer.raise_for_status().json()
    return told


def graph(model: str = MODELS[0], seed: int = 7, photo: str = "ada.jpg", name: str = "veil/one") -> dict[str, Any]:
    given = CATALOGUE[model].input("a romantic wedding portrait", "", seed)
    written: dict[str, Any] = filled(given, {THE_PHOTO: photo, NAME: name})
    return written


def submit(http: httpx.Client, wanted: object) -> httpx.Response:
    return http.post("/comfyui/prompt", json={"prompt": wanted, "prompt_id": str(uuid4()), "client_id": "c"})


def entry(http: httpx.Client, job: str) -> dict[str, Any]:
    """Of the history, once the job has ended."""
    found: dict[str, Any] = {}

    def ended() -> bool:
        found.update(http.get(f"/comfyui/history/{job}").json())
        return job in found

    assert poll(ended, 10)
    told: dict[str, Any] = found[job]
    return told


def run(http: httpx.Client, wanted: object) -> dict[str, Any]:
    answer = submit(http, wanted).raise_for_status().json()
    assert answer["node_errors"] == {}
    return entry(http, answer["prompt_id"])


@pytest.mark.parametrize("model", MODELS)
def test_the_catalogues_workflows_run(comfyui: httpx.Client, model: str) -> None:
    ended = run(comfyui, graph(model))
    assert ended["status"]["status_str"] == "success"
    [[image]] = [made["images"] for made in ended["outputs"].values()]
    assert (
        image == {"filename": "one_00001_.png", "subfolder": "veil", "type": "output"} or image["subfolder"] == "veil"
    )
    data = comfyui.get("/comfyui/view", params=image)
    assert data.headers["content-type"] == "image/png"
    picture = Image.open(BytesIO(data.content))
    assert picture.size == (864, 1152)
    assert json.loads(picture.info["prompt"]) == graph(model)
    assert len(faces.detect(picture.convert("RGB"))) == 1


def test_every_file_that_a_workflow_loads_is_one_that_the_machine_needs() -> None:
    """And no other: the list is what a machine is given."""
    texts = {text for model in MODELS for node in graph(model).values() for text in node["inputs"].values()
             if isinstance(text, str)}  # fmt: skip
    assert {file for files in WEIGHTS.values() for file in files} == {text for text in texts if "safetensors" in text}


def without(name: str) -> dict[str, Any]:
    wanted = graph()
    del wanted["14"]["inputs"][name]
    return wanted


def with_input(node: str, name: str, value: object) -> dict[str, Any]:
    wanted = graph()
    wanted[node]["inputs"][name] = value
    return wanted


@pytest.mark.parametrize(
    ("wanted", "kind", "error"),
    [
        ({"1": {"class_type": "NoSuchNode", "inputs": {}}}, "invalid_prompt", None),
        ({"1": {"inputs": {}}}, "invalid_prompt", None),
        (None, "no_prompt", None),
        ({"1": {"class_type": "LoadImage", "inputs": {"image": "ada.jpg"}}}, "prompt_no_outputs", None),
        (graph(photo="nobody.jpg"), "prompt_outputs_failed_validation", "custom_validation_failed"),
        (without("seed"), "prompt_outputs_failed_validation", "required_input_missing"),
        (with_input("14", "sed", 7), "prompt_outputs_failed_validation", "unknown_input"),
        (with_input("14", "seed", "seven"), "prompt_outputs_failed_validation", "invalid_input_type"),
        (with_input("14", "sampler_name", "oiler"), "prompt_outputs_failed_validation", "value_not_in_list"),
        (with_input("1", "unet_name", "none.safetensors"), "prompt_outputs_failed_validation", "value_not_in_list"),
        (with_input("14", "model", ["99", 0]), "prompt_outputs_failed_validation", "bad_linked_input"),
        (with_input("14", "model", ["4", 1]), "prompt_outputs_failed_validation", "bad_linked_input"),
        (with_input("14", "model", ["6", 0]), "prompt_outputs_failed_validation", "return_type_mismatch"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_it_does_not_queue(comfyui: httpx.Client, wanted: object, kind: str, error: str | None) -> None:
    answer = submit(comfyui, wanted)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, kind)
    found = [each["type"] for node in answer.json()["node_errors"].values() for each in node["errors"]]
    assert found == ([error] if error else [])
    assert comfyui.get("/comfyui/queue").json() == {"queue_running": [], "queue_pending": []}


def test_the_same_graph_names_the_earlier_file(comfyui: httpx.Client) -> None:
    first, again, other = (run(comfyui, graph(seed=seed, name="veil/two")) for seed in (1, 1, 2))
    assert first["outputs"] == again["outputs"] != other["outputs"]
    cached = [dict(each["status"]["messages"])["execution_cached"]["nodes"] for each in (first, again, other)]
    assert [bool(nodes) for nodes in cached] == [False, True, False]


def test_a_failed_node_says_where(comfyui: httpx.Client, rule: Callable[..., None]) -> None:
    rule(comfyui={"outcome": ["out_of_memory"]})
    status = run(comfyui, graph(seed=3))["status"]
    error = dict(status["messages"])["execution_error"]
    assert (status["status_str"], status["completed"], error["node_id"]) == ("error", False, "14")
    assert "out of memory" in error["exception_message"]
    assert "/opt/ComfyUI" in error["traceback"][0]
    upload(comfyui, "torn.jpg", b"no photo")
    error = dict(run(comfyui, graph(photo="torn.jpg"))["status"]["messages"])["execution_error"]
    assert (error["node_type"], error["exception_type"]) == ("LoadImage", "PIL.UnidentifiedImageError")


def test_one_job_at_a_time(comfyui: httpx.Client, rule: Callable[..., None]) -> None:
    rule(comfyui={"outcome": "stuck"})
    first, second, third = (submit(comfyui, graph(seed=seed)).json()["prompt_id"] for seed in (11, 12, 13))

    def queue() -> tuple[list[str], list[str]]:
        told = comfyui.get("/comfyui/queue").json()
        return [job[1] for job in told["queue_running"]], [job[1] for job in told["queue_pending"]]

    assert poll(lambda: queue() == ([first], [second, third]), 10)
    assert comfyui.get(f"/comfyui/history/{first}").json() == {}
    comfyui.post(f"/comfyui/api/jobs/{second}/cancel").raise_for_status()
    comfyui.post(f"/comfyui/api/jobs/{first}/cancel").raise_for_status()
    assert "execution_interrupted" in dict(entry(comfyui, first)["status"]["messages"])
    assert poll(lambda: queue() == ([third], []), 10)
    assert comfyui.get(f"/comfyui/history/{second}").json() == {}


def test_a_restart_forgets_the_jobs_and_keeps_the_files(comfyui: httpx.Client, rule: Callable[..., None]) -> None:
    ended = run(comfyui, graph(seed=21))
    rule(comfyui={"outcome": "stuck"})
    job = submit(comfyui, graph(seed=22)).json()["prompt_id"]
    comfyui.post("/_control/comfyui/restart").raise_for_status()
    assert comfyui.get("/comfyui/queue").json() == {"queue_running": [], "queue_pending": []}
    assert comfyui.get(f"/comfyui/history/{job}").json() == {}
    [[image]] = [made["images"] for made in ended["outputs"].values()]
    assert comfyui.get("/comfyui/view", params=image).status_code == 200
    rule(comfyui={"outcome": None})
    assert run(comfyui, graph(seed=23))["status"]["completed"]


def test_uploads_of_one_name(comfyui: httpx.Client) -> None:
    assert upload(comfyui, "ada.jpg", PHOTO.read_bytes())["name"] == "ada.jpg"
    assert upload(comfyui, "ada.jpg", b"another\r\n--one\r\n")["name"] == "ada (1).jpg"
    told = upload(comfyui, "ada.jpg", b"a third", subfolder="veil")
    assert told == {"name": "ada.jpg", "subfolder": "veil", "type": "input"}
    asked = {"filename": "ada (1).jpg", "type": "input"}
    assert comfyui.get("/comfyui/view", params=asked).content == b"another\r\n--one\r\n"
    assert comfyui.get("/comfyui/view", params={"filename": "nobody.jpg"}).status_code == 404
    assert comfyui.post("/comfyui/upload/image", data={"type": "input"}).status_code == 400
