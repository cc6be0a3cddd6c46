"""The installer says in a sentence why it does not go on, and deletes nothing that is not its own."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local import install
from local.processes import ROOT
from local.stand_ins.rekognition import embedding

STUCK = """\
import sys
from local import install
install._part = lambda *_: install._run("sh", "-c", "echo $$; exec tail -f /dev/null")
sys.exit(install.main())
"""


def test_it_can_be_read_by_pythons_that_are_too_old() -> None:
    tree = ast.parse(Path(install.__file__).read_text(), feature_version=(3, 8))
    futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    assert [alias.name for node in futures for alias in node.names] == ["annotations"]


def test_a_python_that_is_too_old(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 6, "final", 0))
    assert install.main() == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert "Python 3.11 or later" in said
    assert "this is Python 3.9" in said
    assert "make demo PYTHON3=" in said


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped(asked: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STUCK], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        child = int(running.stdout.readline())
        running.send_signal(asked)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said == "\ninstall: stopped; the next run goes on with this part\n"
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_an_environment_of_someone_else_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    theirs = tmp_path / ".venv" / "pyvenv.cfg"
    theirs.parent.mkdir()
    theirs.touch()
    monkeypatch.setattr(install, "VENV", theirs.parent)
    with pytest.raises(install.InstallError, match=r"\.venv is there already"):
        install._part("Python packages", install.VENV, [], pytest.fail)
    assert theirs.exists()


def test_an_environment_of_its_own_is_made_again_after_an_interruption(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "_python", lambda: sys.executable)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(install, "_sync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        install._part("Python packages", install.VENV, [], install._install_venv)
    assert (install.VENV / "pyvenv.cfg").exists()
    (install.VENV / "half").touch()
    install._part("Python packages", install.VENV, [], install.VENV.mkdir)
    assert not (install.VENV / "half").exists()
    assert (install.VENV / ".stamp").read_text()


def test_of_the_networks_that_compare_faces_only_those_that_are_used_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unpack(_: Path, folder: Path) -> None:
        models = folder / "face_recognition_models" / "models"
        models.mkdir(parents=True)
        for name in {path.name for path in embedding.NETWORKS.iterdir()} | set(install.UNUSED_NETWORKS):
            (models / name).touch()

    monkeypatch.setattr(install, "LIKENESS", tmp_path)
    monkeypatch.setattr(install, "_unpack", unpack)
    install._install_likeness()
    assert {path.name for path in tmp_path.rglob("*.dat")} == {
        "shape_predictor_5_face_landmarks.dat",
        "dlib_face_recognition_resnet_model_v1.dat",
    }


@pytest.mark.parametrize(("words", "web"), [([], False), (["--web"], True)])
def test_what_the_web_client_needs_is_installed_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, words: list[str], web: bool
) -> None:
    folders: list[Path] = []
    monkeypatch.setattr(install, "_part", lambda _, folder, *__: folders.append(folder))
    monkeypatch.setattr(sys, "argv", ["install.py", *words])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert install.main() == 0
    assert (ROOT / "web" / "node_modules" in folders) is web
