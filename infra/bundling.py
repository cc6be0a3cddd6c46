"""Build the code of the functions and the layers into folders, without Docker.

A folder's name ends in the hash of everything it was made from, so that it is built once and reused. It is built
under another name and renamed when complete: an interrupted build leaves nothing that looks like one. Byte code is
shipped beside the source, not checked against it (the archive changes its times); without it a cold start
takes three times as long.
"""

import compileall
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from py_compile import PycInvalidationMode

from uv import find_uv_bin

from infra import lazy_packages, trimming

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
PYTHON_VERSION = "3.13"
PLATFORMS = {  # by architecture and system: Lambda's own, and a Mac's, where the local cloud runs the functions itself
    ("arm64", "linux"): "aarch64-manylinux_2_28",
    ("x86_64", "linux"): "x86_64-manylinux_2_28",
    ("arm64", "macos"): "aarch64-apple-darwin",
    ("x86_64", "macos"): "x86_64-apple-darwin",
}

BUILDERS = (Path(__file__), Path(trimming.__file__), Path(lazy_packages.__file__))  # what is built depends on them
FIRST_ZIP_TIME = 315_619_200  # 2 January 1980, in epoch seconds: in every time zone, what a ZIP can hold
SOURCES = {".py", ".json", ".lua"}  # what our own packages consist of


class BuildError(Exception):
    """A layer can't be built from its lock."""


def third_party_layer(name: str, architecture: str, system: str = "linux") -> Path:
    """The layer of ``layers/<name>/requirements.txt`` for one of `PLATFORMS`, without what the core layer brings."""
    lock = (ROOT / "layers" / name / "requirements.txt").read_text()
    core = (ROOT / "layers" / "core" / "requirements.txt").read_text() if name != "core" else ""
    wanted = _without(lock, core)
    platform = PLATFORMS[architecture, system]

    def install(folder: Path) -> None:
        requirements = folder / "requirements.txt"
        requirements.write_text(wanted)
        _install(requirements, folder / "python", platform)
        requirements.unlink()
        trimming.trim(folder / "python")
        if name == "core":
            lazy_packages.make_lazy(folder / "python")

    return _built(f"layers/{name}", [wanted.encode(), platform.encode()], install, runs_in="/opt")


def shared_layer() -> Path:
    """The layer with our own package."""
    return _copied("layers/shared", ROOT / "layers" / "shared", runs_in="/opt")


def function(name: str) -> Path:
    """The code of one function: its handler."""
    return _copied(f"functions/{name}", ROOT / "functions" / name, runs_in="/var/task")


def digest(built: Path) -> str:
    """The hash in the name of a folder that was built here."""
    return built.name.rpartition("-")[2]


def _without(lock: str, other: str) -> str:
    """The entries of ``lock`` whose packages ``other`` does not have; a package must be the same in both."""
    theirs = {line.partition("==")[0]: line for line in _entries(other)}
    kept = []
    for entry in _entries(lock):
        same = theirs.get(entry.partition("==")[0])
        if same is None:
            kept.append(entry)
        elif same.split()[0] != entry.split()[0]:
            raise BuildError(f"the layers' locks disagree: {same.split()[0]} and {entry.split()[0]}; run 'make lock'")
    return "\n".join(kept) + "\n"


def _entries(lock: str) -> list[str]:
    """A lock's entries, each one line: ``name==version [; marker] --hash=… --hash=…``."""
    lines = lock.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _install(requirements: Path, target: Path, platform: str) -> None:
    subprocess.run(
        [
            find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--require-hashes",
            "--only-binary", ":all:", "--python-platform", platform, "--python-version", PYTHON_VERSION,
            "--link-mode", "copy", "--target", target, "-r", requirements,
        ],
        check=True,
    )  # fmt: skip


def _copied(name: str, source: Path, runs_in: str) -> Path:
    files = sorted(path for path in source.rglob("*") if path.suffix in SOURCES)
    parts = [part for path in files for part in (str(path.relative_to(source)).encode(), path.read_bytes())]

    def copy(folder: Path) -> None:
        for path in files:
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)

    return _built(name, parts, copy, runs_in)


def _built(name: str, parts: Iterable[bytes], fill: Callable[[Path], None], runs_in: str) -> Path:
    """The folder ``.build/<name>-<hash of parts>``, made by ``fill`` unless it is there already."""
    made_from = hashlib.sha256(PYTHON_VERSION.encode() + b"".join(builder.read_bytes() for builder in BUILDERS))
    for part in parts:
        made_from.update(hashlib.sha256(part).digest())
    target = BUILD / f"{name}-{made_from.hexdigest()[:16]}"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="unfinished-") as aside:
        folder = Path(aside) / "whole"
        folder.mkdir()
        fill(folder)
        _compile(folder, runs_in)
        _settle(folder)
        try:
            folder.rename(target)
        except OSError:
            if not target.exists():  # else another process has just built the same
                raise
    return target


def _settle(folder: Path) -> None:
    """The same modes and times whoever builds it: under a strict umask, Lambda could not read its own code."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (FIRST_ZIP_TIME, FIRST_ZIP_TIME))


def _compile(folder: Path, runs_in: str) -> None:
    done = compileall.compile_dir(
        folder, quiet=1, force=True, stripdir=str(folder), prependdir=runs_in,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )  # fmt: skip
    if not done:
        raise BuildError(f"{folder.name}: not everything compiles")
