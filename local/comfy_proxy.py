"""Comfy's own server of Comfy API v2 (``comfy-api-proxy``), in front of a ComfyUI: the one that runs on a machine of
one's own, too.
"""

from pathlib import Path

from local.install import COMFY
from local.processes import Child, clean_environment


def start_proxy(port: int, comfyui: str, token: str, state: Path, log: Path) -> Child:
    """Start it on this port of loopback; what it knows of jobs and photos stays in the folder ``state``."""
    command = [
        COMFY / "bin" / "python", "-m", "comfy_api_proxy.cli", "run",
        "--comfyui", comfyui, "--port", port, "--token", token, "--state-dir", state,
    ]  # fmt: skip
    return Child("comfy-api-proxy", command, env=clean_environment(), log=log)


def health(url: str) -> str:
    """Where it says that it runs, without a token."""
    return f"{url}/api/v2/health"
