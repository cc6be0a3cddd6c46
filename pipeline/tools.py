"""The programs that the pipeline runs, and one way to run them."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.install import ROOT, TOOLS
from pipeline.errors import PipelineError

PYTHON_TOOLS = TOOLS / "pipeline" / "bin"
SECONDS = 600


def tool(name: str) -> str:
    """A program of `local/pipeline-requirements.txt`; raises `PipelineError` where it is not installed."""
    program = PYTHON_TOOLS / name
    if not program.exists():
        raise PipelineError(f"{name} is not installed: type 'python3 local/install.py --pipeline'")
    return str(program)


def installed(name: str, why: str) -> str:
    """A program of the machine's own; raises `PipelineError` where there is none."""
    program = shutil.which(name)
    if program is None:
        raise PipelineError(f"there is no {name} on this machine, {why}")
    return program


def run(
    *command: str, folder: Path = ROOT, given: str | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it to its end, and take what it prints; raises `PipelineError` where it does not end."""
    try:
        return subprocess.run(
            command, cwd=folder, env={**os.environ, **(environment or {})}, input=given, capture_output=True,
            text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise PipelineError(f"{_short(command)} did not end within {SECONDS} seconds") from error


def must(*command: str, folder: Path = ROOT, given: str | None = None) -> str:
    """What it prints; raises `PipelineError` where it fails."""
    done = run(*command, folder=folder, given=given)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip())[-800:]
        raise PipelineError(f"{_short(command)} failed (exit status {done.returncode}): {said}")
    return done.stdout


def _short(command: Sequence[str]) -> str:
    return " ".join(Path(word).name for word in command[:3])
