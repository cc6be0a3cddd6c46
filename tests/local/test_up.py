"""``python -m local up`` as a process: it describes itself once all answers, and leaves nothing behind."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from local.cloud.ports import listen
from local.cloud.running import STATE, RunningCloud
from local.processes import ROOT, poll

START_SECONDS = 120
STOP_SECONDS = 20


def processes_of(state: Path) -> list[str]:
    """Command lines that name ``state``: the servers', the functions' and the CDK's all do."""
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it ended meanwhile
            continue
    return [line for line in lines if str(state) in line]


@pytest.mark.cloud
def test_up_answers_describes_itself_and_stops_without_a_trace() -> None:
    state = STATE / "test-up"
    with listen(0) as free:
        port = free.getsockname()[1]
    chosen = ["--state", str(state), "--port", str(port), "--set", "WELCOME_CREDITS=3"]
    command = [sys.executable, "-m", "local", "up", *chosen]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as up:
        described = poll((state / "cloud.json").exists, START_SECONDS) or up.poll() is not None
        try:
            assert described
            running = RunningCloud.read(state)
            assert running.web_url == f"http://127.0.0.1:{port}"
            for api in (running.api_url, f"{running.web_url}/api"):
                assert httpx.get(f"{api}/health", trust_env=False).json()["status"] == "ok"
            assert '<div id="app">' in httpx.get(running.web_url, trust_env=False).text
            granted = [sys.executable, "-m", "local", "grant", "carol", "4", "--state", str(state)]
            assert "carol has 7 credits" in subprocess.check_output(granted, cwd=ROOT, text=True)
            assert processes_of(state)
        finally:
            up.send_signal(signal.SIGTERM)
            output, _ = up.communicate(timeout=STOP_SECONDS)
    assert up.returncode == 0, output
    assert output.endswith("stopped\n")
    assert f"Open http://127.0.0.1:{port} in a browser." in output
    assert not (state / "cloud.json").exists()
    assert not processes_of(state)
