"""Which browser is taken, in which order, and what is said where there is none."""

import platform
import shutil
import sys
from pathlib import Path

import pytest

from local import install
from local.browser import find
from local.processes import LocalError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without any browser, for which no package has one either."""
    monkeypatch.delenv(find.NAMED, raising=False)
    monkeypatch.setattr(find, "has_packaged_browser", lambda: False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(find, "MAC_APPS", ("None.app",))
    monkeypatch.setattr(find, "UNPACKED", tmp_path / "unpacked")


def test_one_that_is_named_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "has_packaged_browser", lambda: True)
    monkeypatch.setenv(find.NAMED, sys.executable)
    assert find.find_browser() == find.FoundBrowser(Path(sys.executable))


def test_one_that_is_named_and_not_there_is_no_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: sys.executable)
    monkeypatch.setenv(find.NAMED, "/nowhere/chromium")
    with pytest.raises(LocalError, match="VEIL_BROWSER names /nowhere/chromium"):
        find.find_browser()


def test_the_package_brings_its_libraries_for_its_own_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "has_packaged_browser", lambda: True)
    monkeypatch.setattr(shutil, "which", lambda _: sys.executable)
    find.UNPACKED.mkdir()
    (find.UNPACKED / "chromium").touch()
    found = find.find_browser()
    assert found.executable == find.UNPACKED / "chromium"
    assert found.environment["LD_LIBRARY_PATH"] == str(find.UNPACKED / "al2023" / "lib")


def test_a_package_that_is_not_unpacked_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "has_packaged_browser", lambda: True)
    with pytest.raises(LocalError, match=r"python3 local/install\.py --browser"):
        find.find_browser()


def test_elsewhere_an_installed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda command: sys.executable if command == "chromium" else None)
    assert find.find_browser() == find.FoundBrowser(Path(sys.executable))


def test_none_is_an_error_that_says_how_to_get_one() -> None:
    with pytest.raises(LocalError, match="apt-get install chromium-headless-shell"):
        find.find_browser()


@pytest.mark.parametrize(
    ("system", "machine", "has"),
    [
        ("linux", "x86_64", True), ("linux", "aarch64", False),
        ("darwin", "x86_64", False), ("darwin", "arm64", False),
    ],
)  # fmt: skip
def test_for_which_machines_there_is_a_package(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, has: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert install.has_packaged_browser() is has


def test_where_there_is_no_package_none_is_downloaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[tuple[object, ...]] = []
    monkeypatch.setattr(install, "BROWSER", tmp_path / "browser")
    monkeypatch.setattr(install, "has_packaged_browser", lambda: False)
    monkeypatch.setattr(install, "_run", lambda *command, **_: ran.append(command))
    install._install_browser()
    (npm,) = ran
    assert "--omit=optional" in npm
    assert "--ignore-scripts" in npm
