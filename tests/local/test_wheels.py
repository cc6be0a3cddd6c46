"""A lock that some machine can't install is named, with the machine and the package."""

import hashlib
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from local import wheels
from local.processes import ROOT

METADATA = "Metadata-Version: 2.1\nName: veiltest\nVersion: 1.0\n"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a package whose wheels all come from ``tmp_path``; no index is asked."""
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    return tmp_path / "requirements"


def publish(lock: Path, *tags: str) -> None:
    hashes = []
    for tag in tags:
        wheel = lock.parent / f"veiltest-1.0-cp313-cp313-{tag}.whl"
        with ZipFile(wheel, "w") as archive:
            archive.writestr("veiltest-1.0.dist-info/METADATA", METADATA)
            archive.writestr("veiltest-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nTag: cp313-cp313-{tag}\n")
        hashes.append(f" --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}")
    lock.with_suffix(".txt").write_text(f"veiltest==1.0 {' '.join(hashes)}\n")


def test_a_lock_that_every_machine_can_install(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(lock, "manylinux_2_28_x86_64", "manylinux_2_17_aarch64", "macosx_10_13_universal2")
    assert wheels.main([str(lock)]) == 0
    assert "macOS 14 on arm64" in capsys.readouterr().out


def test_what_is_missing_is_named(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(lock, "manylinux_2_28_x86_64", "manylinux_2_34_aarch64", "macosx_14_0_x86_64", "macosx_15_0_arm64")
    assert wheels.main([str(lock)]) == 1
    said = capsys.readouterr().err
    assert re.findall(r"requirements\.txt on ([\w -]+?):", said) == ["Linux on arm64", "macOS 14 on arm64"]
    assert "veiltest==1.0" in said


def test_every_lock_is_checked() -> None:
    named = re.search(r"^LOCKS := ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert named
    there = {
        str(path.relative_to(ROOT).with_suffix(""))
        for folder in (".", "layers", "local", "openapi", "proofs")
        for path in (ROOT / folder).glob("*requirements.in" if folder == "." else "**/*requirements.in")
    }
    assert set(named[1].replace("\\", " ").split()) == there
