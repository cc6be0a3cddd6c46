"""``python -m openapi.breaking``: whether the document breaks clients of the last release, as oasdiff sees it.

oasdiff is a program in Go: one that is installed is taken, else Go fetches the version that is named here, whose
checksum its public log knows. A new major version may break: what it breaks is shown, and is no failure.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from veil.api.openapi import FILE

ROOT = Path(__file__).resolve().parent.parent
OASDIFF = "github.com/oasdiff/oasdiff@v1.37.0"
SECONDS = 600


class CannotCompare(Exception):
    """Nothing can be said; the message says what is missing."""


def last_release(root: Path) -> str | None:
    """The newest tag of a release that leads here; None before the first. Raises `CannotCompare` in half a clone."""
    said = _git(root, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").split()
    if not said and _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise CannotCompare("this clone has no history and no tags: type 'git fetch --unshallow --tags'")
    return said[0] if said else None


def compare(root: Path, document: Path) -> bool:
    """Say what the document breaks; answer whether a release may have it. Raises `CannotCompare`."""
    tag = last_release(root)
    if tag is None:
        print("There is no release yet, so no client to break")
        return True
    before = _git(root, "show", f"{tag}:{document.relative_to(root).as_posix()}")
    with TemporaryDirectory() as folder:
        old = Path(folder, "released.json")
        old.write_text(before, encoding="utf-8")
        broken = _breaking(old, document)
    print(f"Since {tag}: {broken.strip() or 'nothing breaks'}")
    return not broken or _major(document.read_text(encoding="utf-8")) > _major(before)


def _breaking(old: Path, new: Path) -> str:
    """What oasdiff finds; empty where nothing breaks."""
    command = [*_oasdiff(), "breaking", "--fail-on", "ERR", "--format", "text", str(old), str(new)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise CannotCompare(f"oasdiff did not end within {SECONDS} seconds") from error
    if done.returncode and not done.stdout.strip():  # `go run` ends with 1, too, when it can't fetch or build
        raise CannotCompare(f"oasdiff failed: {done.stderr.strip()[-800:]}")
    return done.stdout if done.returncode else ""


def _oasdiff() -> list[str]:
    if program := shutil.which("oasdiff"):
        return [program]
    if go := shutil.which("go"):
        return [go, "run", OASDIFF]
    raise CannotCompare(
        "there is neither oasdiff nor Go on this machine: install one of them (https://www.oasdiff.com)"
    )


def _major(document: str) -> int:
    return int(json.loads(document)["info"]["version"].partition(".")[0])


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotCompare(f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout


def main(arguments: list[str] | None = None) -> int:
    argparse.ArgumentParser(
        prog="python -m openapi.breaking",
        description="Whether the OpenAPI document breaks clients of the last release.",
    ).parse_args(arguments)
    try:
        return 0 if compare(ROOT, FILE.resolve()) else 1
    except CannotCompare as error:
        print(f"openapi-breaking: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
