"""Children of the local cloud: they end when they should, and say why when they should not have."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.processes import ROOT, Child, LocalError, clean_environment, poll
from tests.processes import gone

SECONDS = 10
STARTER = """
import sys
from pathlib import Path
from threading import Event
from local.processes import Child, clean_environment
child = Child("sleeper", ["sleep", "60"], env=clean_environment(), log=Path(sys.argv[1]))
print(child._process.pid, flush=True)
Event().wait(60)
"""
STUBBORN = "trap '' TERM; sleep 60 & echo $! > {pid}; while :; do wait; done"


def child(tmp_path: Path, *command: object) -> Child:
    return Child("the child", command, env=clean_environment(), log=tmp_path / "logs" / "child.log")


def test_a_child_that_succeeds_is_waited_for(tmp_path: Path) -> None:
    with child(tmp_path, "true") as done:
        done.wait(SECONDS)
        assert not done.alive


def test_a_failure_shows_the_end_of_its_log(tmp_path: Path) -> None:
    script = "for n in $(seq 50); do echo line $n; done; exit 3"
    with child(tmp_path, "sh", "-c", script) as failing, pytest.raises(LocalError) as failure:
        failing.wait(SECONDS)
    text = str(failure.value)
    assert text.startswith("the child failed (exit status 3)")
    assert "line 50" in text
    assert "line 30\n" not in text
    assert str(failing.log) in text


def test_one_that_takes_too_long_is_an_error_and_is_stopped(tmp_path: Path) -> None:
    with child(tmp_path, "sleep", "60") as slow, pytest.raises(LocalError, match="did not finish within 0 s"):
        slow.wait(0.1)
    assert not slow.alive


def test_one_that_ends_is_not_waited_for_until_the_bound(tmp_path: Path) -> None:
    with child(tmp_path, "sh", "-c", "exit 2") as ended, pytest.raises(LocalError, match=r"ended \(exit status 2\)"):
        ended.wait_until(lambda: False, SECONDS)


def test_one_that_never_answers_is_an_error(tmp_path: Path) -> None:
    with child(tmp_path, "sleep", "60") as mute, pytest.raises(LocalError, match="did not answer"):
        mute.wait_until(lambda: False, 0.1)


def test_stopping_ends_the_whole_group_even_a_stubborn_one(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    stubborn = child(tmp_path, "sh", "-c", STUBBORN.format(pid=pid))
    assert poll(lambda: pid.exists() and pid.read_text() != "", SECONDS)
    grandchild = int(pid.read_text())
    stubborn.stop(grace=0.2)
    assert not stubborn.alive
    assert poll(lambda: gone(grandchild), SECONDS)


def test_it_dies_with_its_starter_even_when_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        assert not gone(pid)
        os.kill(starter.pid, signal.SIGKILL)
        starter.wait(SECONDS)
        assert poll(lambda: gone(pid), SECONDS)


def test_a_child_inherits_no_credentials_proxies_or_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE", "PYTHONPATH"):
        monkeypatch.setenv(name, "leak")
    environment = clean_environment(MORE="1")
    assert environment["MORE"] == "1"
    assert environment["PATH"] == os.environ["PATH"]
    assert "leak" not in environment.values()
