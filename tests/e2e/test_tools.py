"""A developer's commands on a running cloud, as `make logs` and `make invoke` call them."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local.cloud.running import RunningCloud
from local.processes import ROOT, clean_environment

type Local = Callable[..., list[str]]


@pytest.fixture
def local(running: RunningCloud, tmp_path: Path) -> Local:
    """The beginning of a command on this cloud."""
    running.write(tmp_path)
    return lambda *words: [sys.executable, "-m", "local", *words, "--state", str(tmp_path)]


def test_the_logs_of_a_function_are_followed(local: Local, ready: str) -> None:
    with subprocess.Popen(
        local("logs", "check"), cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, text=True
    ) as following:
        assert following.stdout
        line = next(line for line in following.stdout if ready in line)
        following.send_signal(signal.SIGINT)
        following.communicate()
    assert "INFO     photo ready" in line
    assert "width=" in line
    assert following.returncode == 0


def test_a_function_is_invoked_here_on_what_is_there(local: Local) -> None:
    asked = local("invoke", "gallery", "GET /credits", "--user", "somebody-new")
    done = subprocess.run(asked, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True)
    status, body = done.stdout.splitlines()[0], done.stdout.partition("\n\n")[2]
    assert status == "HTTP 200"
    assert json.loads(body) == {"available": 8, "held": 0, "owed": 0}
