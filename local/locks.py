"""``python -m local.locks NAME …``: write each lock from its list of requirements, or hold the one against the other.

A lock begins with the command that makes it: Renovate reads it there, and runs it. So it has no option that Renovate
does not know, and what else is chosen stands in ``pyproject.toml``, below ``tool.uv.pip``.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

from local.install import PYTHON_VERSION, ROOT, UV

WITHOUT_DEPENDENCIES = {"local/centerface-requirements"}  # Renovate can't read its lock, and is told to leave it
IGNORED = {"node_modules", ".venv", ".tools", ".build", ".local", "cdk.out", "out"}


def python_locks(root: Path = ROOT) -> list[str]:
    """Every lock of Python packages below ``root``, by its path without ``.txt``."""
    return sorted(str(file.relative_to(root).with_suffix("")) for file in _files(root, "*requirements.in"))


def node_locks(root: Path = ROOT) -> list[str]:
    """Every folder below ``root`` with a lock of npm packages; the root's own is ``.``."""
    return sorted(str(file.parent.relative_to(root)) for file in _files(root, "package-lock.json"))


def command(name: str) -> list[str]:
    """What makes the lock of this name, in the repository's root."""
    alone = ["--no-deps"] if name in WITHOUT_DEPENDENCIES else []
    options = ["--universal", "--generate-hashes", f"--python-version={PYTHON_VERSION}", *alone]
    return ["uv", "pip", "compile", *options, f"--output-file={name}.txt", f"{name}.in"]


def compiled(name: str, folder: Path) -> str:
    """What uv says where it can't write the lock below ``folder``; empty where it was written."""
    arguments = [str(UV), *command(name)[1:], "--quiet"]
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
    return done.stderr.strip() or f"uv ended with {done.returncode}" if done.returncode else ""


def stale(names: Sequence[str], root: Path = ROOT) -> dict[str, str]:
    """What is wrong with which lock: made again from what it says, it would not be the same."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for file in ["pyproject.toml", *(f"{name}.{kind}" for name in python_locks(root) for kind in ("in", "txt"))]:
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / file, copy / file)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            said = dict(zip(names, pool.map(lambda name: compiled(name, copy), names), strict=True))
        made = {name: (copy / f"{name}.txt").read_text() for name in names}
    changed = {name for name in names if made[name] != (root / f"{name}.txt").read_text()}
    return {name: said[name] or "not what its requirements give" for name in names if said[name] or name in changed}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local.locks", description="Write locks of Python packages.")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a lock's path, without .txt")
    parser.add_argument("--check", action="store_true", help="write none; 1 where one would change")
    parsed = parser.parse_args(arguments)
    if parsed.check:
        wrong = stale(parsed.names)
    else:  # one after the other: the root's takes what the layers' have
        wrong = {name: said for name in parsed.names if (said := compiled(name, ROOT))}
    for name, why in wrong.items():
        print(f"{name}.txt: {why} ({shlex.join(command(name))}; or 'make lock')", file=sys.stderr)
    if parsed.check and not wrong:
        print(f"{len(parsed.names)} locks: each is what its requirements give")
    return int(bool(wrong))


def _files(root: Path, pattern: str) -> list[Path]:
    found = []
    for folder, folders, files in root.walk():
        folders[:] = [name for name in folders if name not in IGNORED]
        found += [folder / name for name in files if fnmatch(name, pattern)]
    return sorted(found)


if __name__ == "__main__":
    sys.exit(main())
