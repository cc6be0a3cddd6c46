"""Layers and functions are built whole or not at all, from what is locked, with their byte code."""

import os
import re
from pathlib import Path

import pytest

from infra import bundling
from infra.function_table import FUNCTIONS

LOCK = """\
one==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
two==2.0 ; python_full_version < '4' \\
    --hash=sha256:cc
"""


@pytest.fixture(autouse=True)
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundling, "BUILD", tmp_path / "build")
    return tmp_path / "build"


def test_a_layer_leaves_out_what_the_core_layer_has() -> None:
    left = bundling._without(LOCK, "one==1.0 --hash=sha256:aa\n")
    assert left.split() == ["two==2.0", ";", "python_full_version", "<", "'4'", "--hash=sha256:cc"]


def test_layers_that_disagree_on_a_version_are_an_error() -> None:
    with pytest.raises(bundling.BuildError, match=r"one==1\.1 and one==1\.0"):
        bundling._without(LOCK, "one==1.1 --hash=sha256:dd\n")


@pytest.mark.parametrize("layer", ["providers", "photos"])
def test_the_locks_agree(layer: str) -> None:
    locks = {name: (bundling.ROOT / "layers" / name / "requirements.txt").read_text() for name in ("core", layer)}
    assert bundling._without(locks[layer], locks["core"]).strip()


LOCKS = sorted(
    path
    for folder in (".", "layers/*", "local", "proofs")
    for path in bundling.ROOT.glob(f"{folder}/*requirements.txt")
)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(bundling.ROOT)))
def test_everything_that_is_installed_has_its_hash(lock: Path) -> None:
    entries = bundling._entries(lock.read_text())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize(
    ("system", "platform"), [("linux", "aarch64-manylinux_2_28"), ("macos", "aarch64-apple-darwin")]
)
def test_a_layer_has_the_wheels_of_the_system_that_runs_it(
    monkeypatch: pytest.MonkeyPatch, system: str, platform: str
) -> None:
    asked = []

    def install(requirements: Path, target: Path, platform: str) -> None:
        target.mkdir()
        asked.append(platform)

    monkeypatch.setattr(bundling, "_install", install)
    monkeypatch.setattr("infra.lazy_packages.make_lazy", lambda packages: None)
    bundling.third_party_layer("core", "arm64", system)
    assert asked == [platform]


def test_the_shared_layer_has_source_and_byte_code_that_is_not_checked_against_it() -> None:
    package = bundling.shared_layer() / "python" / "veil"
    assert (package / "settings" / "__init__.py").exists()
    code = (package / "settings" / "__pycache__" / "__init__.cpython-313.pyc").read_bytes()
    assert int.from_bytes(code[4:8], "little") == 0b01  # hash-based, unchecked (PEP 552)
    assert b"/opt/python/veil/settings/__init__.py" in code


@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_whoever_builds_it_everybody_may_read_it(umask: int) -> None:
    before = os.umask(umask)
    try:
        built = bundling.shared_layer()
    finally:
        os.umask(before)
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in (built, *built.rglob("*"))}
    assert modes == {(True, 0o755), (False, 0o644)}
    assert {path.stat().st_mtime for path in (built, *built.rglob("*"))} == {bundling.FIRST_ZIP_TIME}


def test_a_layer_that_is_built_is_used_again(build: Path) -> None:
    first = bundling.shared_layer()
    marker = first / "marker"
    marker.touch()
    assert bundling.shared_layer() == first
    assert marker.exists()
    assert bundling.digest(first) == first.name.removeprefix("shared-")


def test_what_is_built_depends_on_every_builder() -> None:
    imported = {name for name, value in vars(bundling).items() if getattr(value, "__name__", "").startswith("infra.")}
    assert {builder.stem for builder in bundling.BUILDERS} == {"bundling", *imported}


def test_an_interrupted_build_leaves_nothing(build: Path) -> None:
    def interrupted(folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bundling._built("layers/half", [b"x"], interrupted, runs_in="/opt")
    assert list(build.rglob("*half*")) == []
    assert list(build.glob("unfinished-*")) == []


def test_two_at_once_build_the_same(build: Path) -> None:
    def meanwhile(folder: Path) -> None:
        (folder / "a.py").touch()
        if not list((build / "layers").glob("same-*")):
            bundling._built("layers/same", [b"x"], lambda inner: (inner / "a.py").touch(), runs_in="/opt")

    whole = bundling._built("layers/same", [b"x"], meanwhile, runs_in="/opt")
    assert (whole / "a.py").exists()
    assert len(list((build / "layers").iterdir())) == 1


def test_source_that_does_not_compile_is_no_layer(build: Path) -> None:
    with pytest.raises(bundling.BuildError):
        bundling._built("layers/bad", [b"x"], lambda folder: _write(folder / "a.py", "def ("), runs_in="/opt")
    assert not list((build / "layers").iterdir())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_handler(function: str) -> None:
    assert (bundling.function(function) / "handler.py").exists()


def _write(path: Path, text: str) -> None:
    path.write_text(text)
