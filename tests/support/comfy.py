"""The stand-in of ComfyUI with Comfy's real proxy before it, which can be killed and started again."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx

from local.comfy_proxy import health, start_proxy
from local.processes import Child
from local.stand_ins import ProvidersConfig, serving

TOKEN = "comfy-test-token"
START_SECONDS = 20


@dataclass
class Comfy:
    """``url`` is the proxy's, ``stand_ins`` where ComfyUI and ``/_control`` are."""

    url: str
    stand_ins: str
    folder: Path
    proxy: Child

    def rule(self, **comfyui: object) -> None:
        """Set ComfyUI's faults."""
        self._control("POST", "", {"comfyui": comfyui})

    def reset(self) -> None:
        """No faults, nothing counted, nothing queued."""
        self._control("DELETE", "")
        self._control("POST", "/comfyui/restart")

    def restart_comfyui(self) -> None:
        self._control("POST", "/comfyui/restart")

    def shown(self) -> dict[str, list[str]]:
        """What ComfyUI holds: jobs by their state, files by their folder."""
        return cast("dict[str, list[str]]", self._control("GET", "/comfyui"))

    def jobs(self) -> list[str]:
        """Of every state, ended ones last."""
        shown = self.shown()
        return [*shown["running"], *shown["pending"], *shown["ended"]]

    def counted(self, name: str) -> int:
        return int(self._control("GET", "")["counters"].get(name, 0))

    def kill_proxy(self) -> None:
        self.proxy.stop(grace=0)

    def start_proxy(self) -> None:
        """Again, with what it kept."""
        port = int(self.url.rpartition(":")[2])
        self.proxy = start_proxy(port, f"{self.stand_ins}/comfyui", TOKEN, self.folder / "state", self.folder / "log")
        self.proxy.wait_until(self._healthy, START_SECONDS)

    def photos(self) -> int:
        """How many the proxy has a record of."""
        with sqlite3.connect(f"file:{self.folder / 'state' / 'state.sqlite3'}?mode=ro", uri=True) as state:
            count: int = state.execute("SELECT count(*) FROM assets").fetchone()[0]
        state.close()
        return count

    def _healthy(self) -> bool:
        try:
            return httpx.get(health(self.url), trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def _control(self, method: str, path: str, body: object = None) -> Any:
        answer = httpx.request(method, f"{self.stand_ins}/_control{path}", json=body, trust_env=False)
        return answer.raise_for_status().json()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(folder: Path) -> Iterator[Comfy]:
    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{free_port()}",
        replicate_token="r8_test",
        webhook_signing_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        azure_key="azure-key",
        upstash_token="upstash-token",
    )
    with serving(config):
        url = f"http://127.0.0.1:{free_port()}"
        comfy = Comfy(url, config.base_url, folder, proxy=cast("Child", None))
        comfy.start_proxy()
        try:
            yield comfy
        finally:
            comfy.proxy.stop()
