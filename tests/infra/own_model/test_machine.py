"""The machine's scripts, run here: with AWS, its metadata and ComfyUI played by stand-ins on loopback.

Not run here: the installer, which needs the machine's own system.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import time
from typing import Any

import pytest

from infra.bundling import ROOT
from infra.own_model.files import write
from infra.own_model.pins import Pins

MACHINE = ROOT / "infra" / "own_model" / "machine"
SCRIPTS = sorted(MACHINE.glob("*.sh"))
SECONDS = 30


class Answers:
    """``of``: what is answered, by method and path: a body, or None for 404; ``asked`` has what was asked for."""

    def __init__(self) -> None:
        self.of: dict[str, Callable[[], str | None]] = {}
        self.asked: list[str] = []
        self.url = ""


@pytest.fixture
def answers() -> Iterator[Answers]:
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            line = f"{self.command} {self.path}"
            answers.asked.append(line)
            body = answers.of.get(line, lambda: None)()
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write((body or "").encode())

        do_GET = do_PUT = do_POST = _answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    answers.url = f"http://127.0.0.1:{server.server_port}"
    yield answers
    server.shutdown()
    thread.join()
    server.server_close()


class Machine:
    """Runs its scripts; what they call of the system is played, and noted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._bin, self._log = folder, folder / "bin", folder / "calls"
        for path in (self._bin, folder / "run"):
            path.mkdir()
        self._log.touch()
        self.variables = {"STAGE": "dev", "REGION": "ap-northeast-2", "SERVICE_ID": "srv-1", "HOST": "127.0.0.1"}
        self.variables |= {"TOKEN_SECRET": "veil-dev/comfy-token", "PORT": "1"}
        for name in ("aws", "systemctl", "chown"):
            self.plays(name)

    def plays(self, name: str, *, prints: str = "", status: int = 0) -> None:
        script = f'#!/bin/sh\necho "{name} $*" >> {self._log}\nprintf %s "{prints}"\nexit {status}\n'
        (self._bin / name).write_text(script)
        (self._bin / name).chmod(0o755)

    def run(self, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "env").write_text("".join(f"{name}={value}\n" for name, value in self.variables.items()))
        told = {"MACHINE_ENV": str(self.folder / "env"), "RUN_FOLDER": str(self.folder / "run"), **variables}
        return subprocess.run(
            ["bash", MACHINE / script, *arguments],
            env={"PATH": f"{self._bin}:{os.environ['PATH']}", **told},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )

    @property
    def calls(self) -> list[str]:
        return self._log.read_text().splitlines()

    @property
    def registered(self) -> bool:
        return (self.folder / "run" / "registered").exists()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_can_be_run(script: Path) -> None:
    """`make check` reads them all with shellcheck."""
    assert os.access(script, os.X_OK)


def test_all_that_the_installer_takes_is_among_its_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "files")
    names = {path.name for path in folder.iterdir()}
    installer = (folder / "install.sh").read_text()
    for name in ("pins.json", "proxy-requirements.txt", "fetch.sh", "serve.py", "units"):
        assert name in names
        assert name in installer
    units = {path.name for path in (folder / "units").iterdir()}
    (enabled,) = [line for line in installer.splitlines() if line.startswith("systemctl enable")]
    assert {word for word in enabled.split() if word.startswith("veil-")} <= units
    started = {
        line.partition("=")[2].split()[0] for unit in units for line in _lines(folder / "units" / unit, "ExecSt")
    }
    ours = {Path(path).name for path in started if path.startswith("/opt/veil/") and path.endswith(".sh")}
    assert ours <= names
    assert "--require-hashes" in installer


def _lines(unit: Path, begins: str) -> list[str]:
    return [line for line in unit.read_text().splitlines() if line.startswith(begins)]


def test_each_timer_has_its_service() -> None:
    timers = list((MACHINE / "units").glob("*.timer"))
    assert timers
    assert all(timer.with_suffix(".service").exists() for timer in timers)


def test_photos_are_in_memory_alone_after_a_reboot_too() -> None:
    """The installer runs once; what has to be there whenever the machine starts is a unit."""
    (mount,) = (MACHINE / "units").glob("*.mount")
    (where,) = _values(mount, "Where")
    assert mount.stem == where.strip("/").replace("/", "-")  # systemd asks for this name
    assert _values(mount, "Type") == ["tmpfs"]
    assert {"nosuid", "nodev", "noexec", "size=1G"} <= set(_values(mount, "Options")[0].split(","))
    comfyui = MACHINE / "units" / "veil-comfyui.service"
    assert _values(comfyui, "RequiresMountsFor") == [where]
    (made,) = _values(comfyui, "ExecStartPre")
    assert made.startswith("+/usr/bin/install -d -o comfyui -g comfyui -m 0700 ")
    used = {word for word in comfyui.read_text().split() if word.startswith(f"{where}/")}
    assert len(used) == 3
    assert used | {where} == {word for word in made.split() if word.startswith(where)}
    installer = (MACHINE / "install.sh").read_text()
    assert re.search(rf"^systemctl enable --now .*\b{re.escape(mount.name)}\b", installer, re.MULTILINE)
    assert "mount -t" not in installer


def _values(unit: Path, name: str) -> list[str]:
    return [line.partition("=")[2] for line in _lines(unit, f"{name}=")]


def test_every_weight_may_be_used_for_money() -> None:
    pins = Pins.read()
    assert {weight.licence for weight in pins.weights} <= {"Apache-2.0", "MIT"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("licence", "FLUX dev"), ("url", "https://huggingface.co/a/b/resolve/main/c.safetensors"), ("sha256", "")],
)
def test_what_is_no_weight(name: str, value: str) -> None:
    """One that may not be used for money, one that may become another, one that can't be told."""
    pins = Pins.read().model_dump()
    pins["weights"] = [{**pins["weights"][0], name: value}]
    with pytest.raises(ValueError, match=name):
        Pins.model_validate(pins)


def test_a_file_is_kept_only_if_it_is_the_one_that_is_meant(machine: Machine, answers: Answers) -> None:
    answers.of["GET /weights"] = lambda: "weights"
    right, file = sha256(b"weights").hexdigest(), machine.folder / "models" / "vae" / "one"
    wrong = machine.run("fetch.sh", f"{answers.url}/weights", "0" * 64, str(file))
    assert wrong.returncode == 1
    assert "is another file" in wrong.stderr
    assert not list(file.parent.iterdir())
    for _ in range(2):
        assert machine.run("fetch.sh", f"{answers.url}/weights", right, str(file)).returncode == 0
    assert file.read_text() == "weights"
    assert len(answers.asked) == 2


def test_what_is_old_is_deleted(machine: Machine) -> None:
    old, new = machine.folder / "input" / "old.jpg", machine.folder / "output" / "new.png"
    for file in (old, new):
        file.parent.mkdir()
        file.write_text("a face")
    os.utime(old, (time() - 3700, time() - 3700))
    assert machine.run("tidy.sh", SCRATCH=str(machine.folder)).returncode == 0
    assert (old.exists(), new.exists(), old.parent.exists()) == (False, True, True)


def test_the_token_is_had_and_looked_for_again(machine: Machine) -> None:
    file = machine.folder / "run" / "token"
    for value, restarts in (("first", 1), ("first", 1), ("second", 2), ("", 2)):
        machine.plays("aws", prints=value)
        assert machine.run("token.sh", TOKEN_FILE=str(file)).returncode == 0
        assert sum(call == "systemctl restart veil-proxy.service" for call in machine.calls) == restarts
    assert file.read_text() == "second"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "second" not in "\n".join(machine.calls)
    machine.plays("aws", status=1)
    assert machine.run("token.sh", TOKEN_FILE=str(file)).returncode == 1
    assert file.read_text() == "second"


@pytest.fixture
def well(machine: Machine, answers: Answers) -> Machine:
    """Where ComfyUI and its proxy answer."""
    answers.of = {"GET /system_stats": lambda: "{}", "GET /api/v2/health": lambda: "{}"}
    machine.variables["PORT"] = answers.url.rpartition(":")[2]
    return machine


def test_a_machine_that_answers_is_found_and_tells_so(well: Machine, answers: Answers) -> None:
    for _ in range(2):
        assert well.run("heartbeat.sh", COMFYUI=answers.url).returncode == 0
    names = [call.split()[1:3] for call in well.calls]
    assert names == [["servicediscovery", "register-instance"], *[["cloudwatch", "put-metric-data"]] * 2]
    assert f"AWS_INSTANCE_IPV4=127.0.0.1,AWS_INSTANCE_PORT={well.variables['PORT']}" in well.calls[0]
    assert "--metric-name OwnModelUp --value 1 --dimensions stage=dev" in well.calls[1]


@pytest.mark.parametrize("broken", ["GET /system_stats", "GET /api/v2/health"])
def test_one_that_does_not_answer_is_taken_off(well: Machine, answers: Answers, broken: str) -> None:
    well.run("heartbeat.sh", COMFYUI=answers.url)
    del answers.of[broken]
    well.plays("aws", prints="127.0.0.1")
    done = well.run("heartbeat.sh", COMFYUI=answers.url)
    assert "does not answer" in done.stdout
    assert done.returncode == 0
    assert "deregister-instance" in well.calls[-1]
    assert not well.registered
    before = len(well.calls)
    well.run("heartbeat.sh", COMFYUI=answers.url)
    assert len(well.calls) == before


def test_a_newer_machine_stays_on_the_list(machine: Machine) -> None:
    machine.plays("aws", prints="10.0.0.99")
    assert machine.run("deregister.sh").returncode == 0
    assert [call.split()[2] for call in machine.calls] == ["get-instance"]


NOTICES = {
    "spot takes it back": ("spot/instance-action", '{"action": "terminate"}'),
    "the group ends it": ("autoscaling/target-lifecycle-state", "Terminated"),
}


@pytest.mark.parametrize(("item", "says"), NOTICES.values(), ids=NOTICES)
def test_it_takes_no_new_work_before_it_goes(machine: Machine, answers: Answers, item: str, says: str) -> None:
    """It waits for the notice, then for what runs, and frees the card last."""
    looks = iter([None, None, says, says])
    queue = iter(['{"queue_running": [[1]], "queue_pending": []}', '{"queue_running": [], "queue_pending": []}'])
    draining = machine.folder / "run" / "draining"

    def queued() -> str:
        assert draining.exists()
        return next(queue)

    answers.of = {
        "PUT /api/token": lambda: "token",
        "GET /meta-data/autoscaling/target-lifecycle-state": lambda: "InService",
        f"GET /meta-data/{item}": lambda: next(looks),
        "GET /queue": queued,
        "POST /free": lambda: "",
    }
    done = machine.run("drain.sh", METADATA=answers.url, COMFYUI=answers.url, PAUSE_SECONDS="0")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "nothing runs any more"
    assert answers.asked[-1] == "POST /free"
    assert answers.asked.count("GET /queue") == 2
    assert answers.asked.count(f"GET /meta-data/{item}") == 3


def test_it_goes_though_comfyui_is_dead(machine: Machine, answers: Answers) -> None:
    answers.of = {"PUT /api/token": lambda: "token", "GET /meta-data/spot/instance-action": lambda: "{}"}
    done = machine.run("drain.sh", METADATA=answers.url, COMFYUI=answers.url, PAUSE_SECONDS="0")
    assert done.returncode == 0
    assert "does not answer" in done.stdout
    assert (machine.folder / "run" / "draining").exists()
