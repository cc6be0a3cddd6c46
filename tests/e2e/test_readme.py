"""The README's walk through the API, pasted into a shell as it stands there."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from local.cloud.running import RunningCloud
from local.processes import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8787"
WANTED = {"bash": ["bash", "--norc", "--noprofile", "-e", "-i"], "zsh": ["zsh", "-f", "-e", "-i"]}
SHELLS = [shell for shell in WANTED if shutil.which(shell)]


def walk() -> str:
    """The block between the fences of the README's chapter."""
    (block,) = re.findall(r"^## A walk through the API\n.*?^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return str(block)


def test_both_shells_are_there_in_ci() -> None:
    """A developer's machine may have no zsh; CI must."""
    required = WANTED.keys() if os.environ.get("CI") == "true" else {"bash"}
    missing = sorted(required - set(SHELLS))
    assert not missing, "apt-get install zsh"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_walk(shell: str, running: RunningCloud, tmp_path: Path) -> None:
    for folder in (".venv", "local"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / ".local").mkdir()
    running.write(tmp_path / ".local")
    text = walk().replace(ADDRESS, running.web_url)
    for name in ("ada", "grace"):  # it may be pasted again, under another name
        pasted = text.replace("alice", f"{name}-{shell}")
        answers = _answers(_paste(shell, pasted, tmp_path))
        styles, before, consent, upload, generation, listed, left, after, receipt = answers
        assert "classic" in [style["id"] for style in styles["styles"]]
        assert before == {"available": 8, "held": 0, "owed": 0}  # the tests' cloud welcomes with two generations
        assert (consent["kind"], consent["granted"]) == ("third_party_ai", True)
        assert (upload["status"], upload["reason"]) == ("ready", None)
        assert generation["upload_id"] == upload["upload_id"]
        assert [image["status"] for image in generation["images"]] == ["stored"] * 4
        assert generation["selected"] == 2
        assert [one["id"] for one in listed["items"]] == [generation["id"]]
        assert left["items"] == []
        assert after == {"available": 4, "held": 0, "owed": 0}
        assert (receipt["status"], receipt["erased"]["objects"]) == ("done", 1)  # the checked photo
        for image in generation["images"]:
            with Image.open(tmp_path / "out" / f"{name}-{shell}-{image['index']}.jpg") as saved:
                assert saved.size == (image["width"], image["height"])


def _answers(printed: str) -> list[Any]:
    """JSON, one after another."""
    found, decoder, rest = [], json.JSONDecoder(), printed.strip()
    while rest:
        answer, end = decoder.raw_decode(rest)
        found.append(answer)
        rest = rest[end:].lstrip()
    return found


def _paste(shell: str, text: str, folder: Path) -> str:
    """What an interactive shell prints, which knows no comments (zsh) and expands ``!`` (both)."""
    done = subprocess.run(
        WANTED[shell], input=text, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
