"""The machine's proxy: Comfy's own, as this machine starts it, in front of ComfyUI's stand-in."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from infra.bundling import ROOT
from infra.own_model.pins import Pins
from local.install import COMFY
from local.processes import Child, LocalError, clean_environment
from local.stand_ins import ProvidersConfig, serving
from tests.support.wire import closed_port

SERVE = ROOT / "infra" / "own_model" / "machine" / "serve.py"
WORKFLOWS = ROOT / "layers" / "shared" / "python" / "veil" / "domain" / "workflows"
PUBLIC, TOKEN = "https://abc123.execute-api.ap-northeast-2.amazonaws.com", "a-token-of-the-stage"
SECONDS = 20


@dataclass
class Served:
    child: Child
    client: httpx.Client
    draining: Path


def start(folder: Path, comfyui: str, token: str) -> tuple[Child, str]:
    port = closed_port()
    (folder / "token").write_text(f"{token}\n")
    told = {
        "TOKEN_FILE": folder / "token", "DRAINING": folder / "draining", "STATE_FOLDER": folder / "state",
        "PUBLIC_URL": PUBLIC, "HOST": "127.0.0.1", "PORT": port, "COMFYUI": comfyui,
    }  # fmt: skip
    environment = clean_environment(**{name: str(value) for name, value in told.items()})
    return Child(
        "serve.py", [COMFY / "bin" / "python", SERVE], env=environment, log=folder / "log"
    ), f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def comfyui() -> Iterator[str]:
    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{closed_port()}",
        replicate_token="r8_test",
        webhook_signing_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        azure_key="azure-key",
        upstash_token="upstash-token",
    )
    with serving(config):
        yield f"{config.base_url}/comfyui"


@pytest.fixture
def served(tmp_path: Path, comfyui: str) -> Iterator[Served]:
    child, url = start(tmp_path, comfyui, TOKEN)
    with httpx.Client(base_url=url, trust_env=False, headers={"authorization": f"Bearer {TOKEN}"}) as client:
        try:
            child.wait_until(lambda: _healthy(client), SECONDS)
            yield Served(child, client, tmp_path / "draining")
        finally:
            child.stop()


def _healthy(client: httpx.Client) -> bool:
    try:
        return client.get("/api/v2/health", headers={"authorization": ""}).is_success
    except httpx.TransportError:
        return False


def put_photo(served: Served) -> httpx.Response:
    photo = (ROOT / "local" / "photos" / "eileen-collins.jpg").read_bytes()
    return served.client.post(
        "/api/v2/assets",
        data={"content_type": "image/jpeg", "file_path": "input/u1.jpg"},
        files={"file": ("u1.jpg", photo, "image/jpeg")},
    )


@pytest.mark.parametrize("header", ["", "Bearer wrong", f"Basic {TOKEN}"])
def test_it_wants_the_token(served: Served, header: str) -> None:
    assert served.client.get("/api/v2/jobs", headers={"authorization": header}).status_code == 401
    assert served.client.get("/api/v2/jobs").status_code == 200


def test_the_token_is_in_no_command_line(served: Served) -> None:
    assert served.client.get("/api/v2/jobs").status_code == 200
    shown = subprocess.run(["ps", "-axww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    assert "serve.py" in shown
    assert TOKEN not in shown


def test_its_links_lead_to_where_clients_come_in(served: Served) -> None:
    made = put_photo(served)
    assert made.status_code == 201, made.text
    assert made.json()["url"].startswith(f"{PUBLIC}/api/v2/assets/")


def test_no_new_work_while_it_drains_and_what_it_has_can_be_fetched(served: Served) -> None:
    photo = put_photo(served).json()["id"]
    served.draining.touch()
    for refused in (put_photo(served), served.client.post("/api/v2/jobs", json={"workflow": {}})):
        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "deployment_not_ready"
        assert int(refused.headers["retry-after"]) > 0
    assert served.client.get("/api/v2/jobs").status_code == 200
    assert served.client.get(f"/api/v2/assets/{photo}/content").status_code == 200
    assert served.client.delete(f"/api/v2/assets/{photo}").status_code == 204
    served.draining.unlink()
    assert put_photo(served).status_code == 201


def test_without_a_token_it_does_not_start(tmp_path: Path, comfyui: str) -> None:
    child, _ = start(tmp_path, comfyui, "")
    with pytest.raises(LocalError, match="the token is empty"):
        child.wait(SECONDS)


def test_the_machine_has_what_the_workflow_asks_for() -> None:
    graph = json.loads((WORKFLOWS / "flux_2_klein_4b.json").read_text())
    asked = {
        (folder, node["inputs"][name])
        for node in graph.values()
        for kind, name, folder in (
            ("UNETLoader", "unet_name", "diffusion_models"),
            ("CLIPLoader", "clip_name", "text_encoders"),
            ("VAELoader", "vae_name", "vae"),
        )
        if node["class_type"] == kind
    }
    assert {tuple(weight.file.split("/")) for weight in Pins.read().weights} == asked
