"""A ``cdk`` of one's own runs the app in the active environment, else in the project's, else it says what to do."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from infra.bundling import ROOT
from proofs.bench.deployed import PYTHON

COMMAND = json.loads((ROOT / "cdk.json").read_text())["app"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the command needs, and the interpreter that is ``python3`` outside of every environment."""
    for name in ("infra", "layers", "functions"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "app.py").write_text((ROOT / "app.py").read_text())
    _python3(tmp_path / "bare", PYTHON)
    return tmp_path


def _python3(folder: Path, interpreter: str) -> None:
    folder.mkdir()
    (folder / "python3").write_text(f'#!/bin/sh\nexec {shlex.quote(interpreter)} "$@"\n')
    (folder / "python3").chmod(0o755)


def _run(checkout: Path, first: Path) -> subprocess.CompletedProcess[str]:
    """The command in cdk.json, as the CDK runs it, without a context."""
    path = f"{first}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        COMMAND, shell=True, cwd=checkout, env={"PATH": path}, capture_output=True, text=True, timeout=60, check=False
    )


def _asks_for_context(done: subprocess.CompletedProcess[str]) -> bool:
    return done.returncode == 1 and "UPSTASH_URL: Field required" in done.stderr and "Traceback" not in done.stderr


def test_in_an_environment_of_ones_own(checkout: Path) -> None:
    _python3(checkout / "mine", sys.executable)
    assert _asks_for_context(_run(checkout, checkout / "mine"))


def test_outside_of_every_environment_the_projects_is_used(checkout: Path) -> None:
    (checkout / ".venv").symlink_to(sys.prefix)
    assert _asks_for_context(_run(checkout, checkout / "bare"))


def test_where_nothing_is_installed_it_says_what_to_type(checkout: Path) -> None:
    done = _run(checkout, checkout / "bare")
    assert done.returncode == 1
    (said,) = done.stderr.splitlines()
    assert "make install" in said
    assert "pip install -r requirements.txt" in said


def test_an_environment_that_lacks_something_is_tried_once(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    _python3(checkout / ".venv" / "bin", PYTHON)
    (checkout / ".venv" / "bin" / "python3").rename(checkout / ".venv" / "bin" / "python")
    done = _run(checkout, checkout / "bare")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
