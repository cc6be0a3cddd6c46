"""The document is held against the last release's; what breaks clients needs a new major version."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from openapi import breaking

OASDIFF = """\
#!/bin/sh
echo "$@" > {folder}/asked
cp "$6" {folder}/released 2> /dev/null
cat {folder}/finds
exit {status}
"""


class Repository:
    """A repository with a document in it, and oasdiff, played."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.root.mkdir()
        self.document = self.root / "openapi.json"
        self.tools = folder / "tools"
        self.tools.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.finds("")

    def git(self, *words: str) -> None:
        who = ["-c", "user.name=Veil", "-c", "user.email=veil@veil.invalid", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=self.root, check=True, capture_output=True)

    def commit(self, version: str, tag: str | None = None) -> None:
        self.document.write_text(json.dumps({"info": {"version": version}}))
        self.git("add", ".")
        self.git("commit", "--quiet", "--allow-empty", "--message", version)
        if tag:
            self.git("tag", tag)

    def finds(self, text: str, status: int | None = None) -> None:
        (self.tools / "finds").write_text(text)
        program = self.tools / "oasdiff"
        program.write_text(OASDIFF.format(folder=self.tools, status=bool(text) + 0 if status is None else status))
        program.chmod(0o755)

    def holds(self) -> bool:
        return breaking.compare(self.root, self.document)


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    monkeypatch.setenv("PATH", f"{made.tools}{os.pathsep}{os.environ['PATH']}")
    return made


def test_before_the_first_release_nobody_can_be_broken(repository: Repository) -> None:
    repository.commit("1.0.0")
    repository.finds("removed a route")
    assert repository.holds()
    assert not (repository.tools / "asked").exists()


def test_the_last_release_is_the_highest_version_that_leads_here(repository: Repository) -> None:
    for version in ("1.9.0", "1.10.0"):
        repository.commit(version, f"v{version}")
    repository.git("checkout", "--quiet", "-b", "elsewhere")
    repository.commit("3.0.0", "v3.0.0")
    repository.git("checkout", "--quiet", "main")
    repository.commit("1.11.0")
    assert repository.holds()
    assert (repository.tools / "asked").read_text().startswith("breaking --fail-on ERR --format text ")
    assert json.loads((repository.tools / "released").read_text())["info"]["version"] == "1.10.0"


def test_what_breaks_needs_a_new_major_version(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.commit("1.0.0", "v1.0.0")
    repository.finds("error: removed the route /orders")
    repository.commit("1.1.0")
    assert not repository.holds()
    assert "Since v1.0.0: error: removed the route /orders" in capsys.readouterr().out
    repository.commit("2.0.0")
    assert repository.holds()


def test_a_tool_that_failed_says_nothing_of_the_document(repository: Repository) -> None:
    repository.commit("1.0.0", "v1.0.0")
    repository.finds("", status=1)
    with pytest.raises(breaking.CannotCompare, match="oasdiff failed"):
        repository.holds()


def test_a_clone_without_its_tags_is_no_all_clear(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit("1.0.0", "v1.0.0")
    repository.commit("1.0.1")
    where = f"file://{repository.root}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", "--no-tags", where, tmp_path / "half"], check=True)
    monkeypatch.setattr(breaking, "ROOT", tmp_path / "half")
    assert breaking.main([]) == 2
    assert "git fetch --unshallow --tags" in capsys.readouterr().err


def test_where_neither_oasdiff_nor_go_is_there(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit("1.0.0", "v1.0.0")
    (repository.tools / "oasdiff").unlink()
    git = repository.tools / "git"
    found = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    git.symlink_to(found)
    monkeypatch.setenv("PATH", str(repository.tools))
    with pytest.raises(breaking.CannotCompare, match="neither oasdiff nor Go"):
        repository.holds()
