"""A function's process as Lambda starts it: its folder, its layers as they are deployed, and nothing else."""

import os
import sys
import sysconfig
from functools import cache
from pathlib import Path

from infra import bundling
from infra.function_table import FUNCTIONS
from local.cloud.options import ARCHITECTURE, SYSTEM
from local.processes import clean_environment
from local.simulated.environment import environment as settings

PYTHON = getattr(sys, "_base_executable", sys.executable)  # not the environment's, whose packages are not deployed


@cache
def layer(name: str, architecture: str = ARCHITECTURE) -> Path:
    """The folder of a layer, built unless it stands."""
    return bundling.shared_layer() if name == "shared" else bundling.third_party_layer(name, architecture, SYSTEM)


def layers_of(function: str) -> tuple[str, ...]:
    """The names of a function's layers."""
    return FUNCTIONS[function].layers


def environment(function: str, *folders: Path, **more: str) -> dict[str, str]:
    """The environment of a process that runs a function as deployed; its programs may be in ``folders``."""
    path = [bundling.function(function), *folders, *(layer(name) / "python" for name in layers_of(function))]
    return _with_path(path, PYDANTIC_DISABLE_PLUGINS="true", **more)


def stock(*folders: Path, **more: str) -> dict[str, str]:
    """The same for a program in ``folders``, with the packages as pip installs them: untrimmed, with byte code."""
    return _with_path([*folders, Path(sysconfig.get_path("purelib"))], **more)


def _with_path(path: list[Path], **more: str) -> dict[str, str]:
    return clean_environment(PYTHONPATH=os.pathsep.join(map(str, path)), **settings(**more))


def run(code: str, environment: dict[str, str]) -> float:
    """CPU seconds of a fresh process that runs ``code`` and ends at once: a start waits for nothing but its CPU."""
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]  # what a function logs
    command = [PYTHON, "-S", "-c", f"{code}; import os; os._exit(0)"]
    child = os.posix_spawn(PYTHON, command, environment, file_actions=silent)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"a process ended with {status}; its error is above")
    return usage.ru_utime + usage.ru_stime
