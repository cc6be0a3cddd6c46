"""The commands' own errors: said in a line, with a status that a script can see."""

import fcntl
import shlex
import subprocess
from pathlib import Path

import pytest

from local import __main__ as commands
from local.cloud.options import Options
from local.cloud.ports import listen
from local.cloud.up import cloud
from local.processes import ROOT, LocalError


def test_grant_without_a_cloud(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("local.arguments.STATE", tmp_path)
    assert commands.main(["grant", "alice", "40"]) == 1
    assert "no local cloud runs here" in capsys.readouterr().err


def test_demo_without_its_photo(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert commands.main(["demo", "--photo", str(tmp_path / "none.jpg")]) == 1
    assert "can't read the photo" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "stranger"), [(["demo"], False), (["demo", "--stranger"], True)])
def test_demo_with_a_stranger(monkeypatch: pytest.MonkeyPatch, words: list[str], stranger: bool) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(commands, "demo", lambda *_, stranger: asked.append(stranger))
    assert commands.main(words) == 0
    assert asked == [stranger]


def test_demo_with_other_models(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Options] = []
    monkeypatch.setattr(commands, "demo", lambda *given, **_: asked.append(given[3]))
    assert commands.main(["demo", "--models", "comfy/qwen-image-edit, google/nano-banana"]) == 0
    assert asked[0].chain == ("comfy/qwen-image-edit", "google/nano-banana")
    with pytest.raises(SystemExit, match="2"):
        commands.main(["demo", "--models", "comfy/qwen"])
    assert "no such model: comfy/qwen; there are " in capsys.readouterr().err


def test_up_at_an_address_that_is_not_this_machines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert commands.main(["up", "--host=192.0.2.1", f"--state={tmp_path}"]) == 1
    assert "is 192.0.2.1 this machine's?" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["99999", "0", "-1", "8787x", "١٢٣"])
def test_up_with_a_port_that_is_none(capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        commands.main(["up", f"--port={wrong}"])
    assert f"{wrong!r} is no port: choose a number from 1 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["~/me.jpg", "cash$HOME.jpg", "it's $5.jpg", 'a "b".jpg', "$(touch x)`x`.jpg"])
def test_make_hands_the_photos_name_on_as_it_is(name: str) -> None:
    command = ["make", "--no-print-directory", "--dry-run", "demo", f"PHOTO={name}"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert shlex.split(printed[-1])[-2:] == ["--photo", name]


@pytest.mark.parametrize("given", ["--toss-url=https://t.example", "--toss-client-key=test_ck_1"])
def test_buy_with_a_part_of_tosss_keys(capsys: pytest.CaptureFixture[str], given: str) -> None:
    assert commands.main(["buy", given]) == 1
    assert "needs all of --toss-url, --toss-client-key and --toss-secret-key" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["WELCOME_CREDITS", "=3"])
def test_up_with_a_malformed_setting(capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        commands.main(["up", "--set", wrong])
    assert f"{wrong!r} is not NAME=VALUE" in capsys.readouterr().err


def test_a_second_cloud_in_the_same_place(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(LocalError, match="already runs here"), cloud(Options(state=tmp_path)):
            pass


def test_a_port_that_another_one_has(tmp_path: Path) -> None:
    with listen(0) as busy:
        options = Options(state=tmp_path, port=busy.getsockname()[1])
        with pytest.raises(LocalError, match="is not free"), cloud(options):
            pass
    assert not (tmp_path / "cloud.json").exists()


@pytest.mark.parametrize("command", [["up"], ["grant", "alice", "40"]])
def test_a_state_folder_is_named_from_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert commands._parser().parse_args([*command, "--state", "mine"]).state == tmp_path / "mine"
