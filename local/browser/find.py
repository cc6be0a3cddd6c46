"""Which browser there is on this machine: the one that is named, the package's, or one that is installed."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.install import BROWSER, has_packaged_browser
from local.processes import LocalError

NAMED = "VEIL_BROWSER"
UNPACKED = BROWSER / "unpacked"
AXE = BROWSER / "node_modules" / "axe-core" / "axe.min.js"
COMMANDS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chromium-headless-shell")
MAC_APPS = (
    *("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium"),
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
NONE = f"""\
there is no Chromium on this machine. Install one (Debian and Ubuntu: apt-get install chromium-headless-shell; macOS: \
Google Chrome), or say where it is: {NAMED}=/path/to/chromium"""
NOT_UNPACKED = "the browser of the packages is not installed; get it with: python3 local/install.py --browser"


@dataclass(frozen=True)
class FoundBrowser:
    """An executable, and what its process needs in its environment, and no other."""

    executable: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def find_browser() -> FoundBrowser:
    """The first there is, in the order of this module's first line; raises `LocalError` where there is none."""
    if named := os.environ.get(NAMED):
        if not os.access(named, os.X_OK):
            raise LocalError(f"{NAMED} names {named}, which can't be run")
        return FoundBrowser(Path(named))
    if has_packaged_browser():
        return _packaged(UNPACKED)
    commands = [Path(path) for command in COMMANDS if (path := shutil.which(command))]
    apps = [folder / app for folder in (Path("/Applications"), Path.home() / "Applications") for app in MAC_APPS]
    installed = [path for path in (*commands, *apps) if path.exists()]
    if not installed:
        raise LocalError(NONE)
    return FoundBrowser(installed[0])


def _packaged(folder: Path) -> FoundBrowser:
    """The package's own, with the libraries and fonts that came with it: it needs nothing of the machine but glibc."""
    if not (folder / "chromium").exists():
        raise LocalError(NOT_UNPACKED)
    libraries, fonts = str(folder / "al2023" / "lib"), str(folder / "fonts.conf")
    return FoundBrowser(folder / "chromium", {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": fonts})
