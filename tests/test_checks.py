"""`make check` looks at the project's own files, also where there is no git to tell which those are."""

import subprocess
from pathlib import Path

from local.processes import ROOT

IGNORED = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}


def test_what_was_installed_or_built_is_not_linted() -> None:
    command = [".venv/bin/ruff", "check", "--show-files", "--no-respect-gitignore"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    folders = {Path(file).relative_to(ROOT).parts[0] for file in shown}
    assert "infra" in folders
    assert folders.isdisjoint(IGNORED)
