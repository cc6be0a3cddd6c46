"""What the machine is made by: its scripts and units, what is pinned, and the proxy's lock, in one folder."""

import json
import shutil
from pathlib import Path

from infra.bundling import ROOT
from infra.own_model.pins import Pins

MACHINE = Path(__file__).with_name("machine")
PROXY_LOCK = ROOT / "local" / "comfy-requirements.txt"  # the same proxy that the tests and the local cloud run


def write(folder: Path) -> Path:
    """Put all of it into ``folder``, anew; answers the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(MACHINE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROXY_LOCK, folder / "proxy-requirements.txt")
    (folder / "pins.json").write_text(json.dumps(Pins.read().model_dump(), indent=2) + "\n", encoding="utf-8")
    return folder
