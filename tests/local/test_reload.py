"""What is edited is live: which of Lambda's calls a change makes, what a wrong one says, and a real cloud."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra import bundling
from local.cloud import reload as module
from local.cloud.reload import reload, reloading
from local.cloud.running import RunningCloud
from local.processes import LocalError
from tests.e2e.world import until
from tests.local.test_running import RUNNING

LIVE_SECONDS = 180  # ten, on a machine that does nothing else


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what is deployed, so that the tests edit nothing of the developer's."""
    for folder in ("functions", "layers/shared"):
        shutil.copytree(bundling.ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(bundling, "ROOT", tmp_path)
    monkeypatch.setattr(bundling, "BUILD", tmp_path / ".build")
    monkeypatch.setattr(module, "FUNCTIONS", tmp_path / "functions")
    monkeypatch.setattr(module, "SHARED", tmp_path / "layers" / "shared")
    return tmp_path


class Lambda:
    """Lambda's API, of two functions; it remembers what was changed."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, str]] = []

    def get_function_configuration(self, **_: str) -> Any:
        arn = "arn:aws:lambda:ap-northeast-2:000000000000:layer:veil-local"
        return {"Layers": [{"Arn": f"{arn}-{name}:1"} for name in ("core", "shared", "providers")]}

    def update_function_code(self, **request: Any) -> None:
        assert request["ZipFile"].startswith(b"PK")
        self.changes.append((request["FunctionName"], "code"))

    def publish_layer_version(self, **request: Any) -> Any:
        assert request["Content"]["ZipFile"].startswith(b"PK")
        self.changes.append((request["LayerName"], "layer"))
        return {"LayerVersionArn": "the new one"}

    def update_function_configuration(self, **request: Any) -> None:
        names = [arn.rpartition("veil-local-")[2] for arn in request["Layers"]]
        self.changes.append((request["FunctionName"], " ".join(names)))


@pytest.fixture
def lambda_(monkeypatch: pytest.MonkeyPatch) -> Lambda:
    made = Lambda()
    monkeypatch.setattr(RunningCloud, "client", lambda *_: made)
    return made


CLOUD = RUNNING.model_copy(update={"functions": {name: f"veil-local-{name}" for name in ("uploads", "gallery")}})


def test_an_edited_function_gets_its_code(checkout: Path, lambda_: Lambda) -> None:
    assert reload(CLOUD, [checkout / "functions" / "gallery" / "handler.py"]) == ["gallery"]
    assert lambda_.changes == [("veil-local-gallery", "code")]


def test_the_shared_layer_is_replaced_in_every_function(checkout: Path, lambda_: Lambda) -> None:
    gone = checkout / "layers" / "shared" / "python" / "veil" / "gone.py"
    assert reload(CLOUD, [gone]) == ["uploads", "gallery"]
    assert lambda_.changes == [
        ("veil-local-shared", "layer"),
        ("veil-local-uploads", "core:1 the new one providers:1"),
        ("veil-local-gallery", "core:1 the new one providers:1"),
    ]


def test_what_is_no_python_is_not_deployed(checkout: Path, lambda_: Lambda) -> None:
    files = [checkout / "functions" / name / "handler.py" for name in ("gallery", "uploads")]
    files[1].write_text("def handler(:\n")
    with pytest.raises(LocalError, match=r"uploads/handler\.py:1: invalid syntax"):
        reload(CLOUD, files)
    assert lambda_.changes == []


@contextmanager
def edited(file: Path, old: str, new: str) -> Iterator[None]:
    """``file`` with one thing changed, for as long as the block runs."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    yield
    file.write_text(text)


def version(running: RunningCloud) -> str:
    answer = httpx.get(f"{running.api_url}/health", trust_env=False, timeout=LIVE_SECONDS)
    return str(answer.raise_for_status().json()["version"])


@pytest.mark.cloud
def test_an_edit_is_live_on_a_running_cloud(running: RunningCloud, checkout: Path) -> None:
    handler, package = checkout / "functions/gallery/handler.py", checkout / "layers/shared/python/veil/__init__.py"
    said: list[str] = []
    with reloading(running, said.append):
        with edited(handler, "version=__version__", 'version="edited"'):
            until(lambda: version(running) == "edited", LIVE_SECONDS)
            with edited(handler, "def health", "def health("):
                until(lambda: any(line.startswith("not reloaded: ") for line in said), LIVE_SECONDS)
                assert version(running) == "edited"
        until(lambda: version(running) == "1.0.0", LIVE_SECONDS)
        with edited(package, "1.0.0", "9.9.9"):
            until(lambda: version(running) == "9.9.9", LIVE_SECONDS)
        until(lambda: version(running) == "1.0.0", LIVE_SECONDS)
    assert [line for line in said if line.startswith("reloaded gallery in ")]
    assert not [thread for thread in threading.enumerate() if thread.name == "reload"]
