"""`make check` looks at the project's own files, also where there is no git to tell which those are; and of the CDK at
all that is used.
"""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from local.processes import ROOT

IGNORED = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
MYPY = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]


def test_what_was_installed_or_built_is_not_linted() -> None:
    command = [".venv/bin/ruff", "check", "--show-files", "--no-respect-gitignore"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    folders = {Path(file).relative_to(ROOT).parts[0] for file in shown}
    assert "infra" in folders
    assert folders.isdisjoint(IGNORED)


def _imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names if name.name.startswith("aws_"))


def test_each_service_of_the_stack_has_its_types() -> None:
    """What mypy skips is `Any`, and anything could be done with it."""
    (read,) = [set(one["module"]) for one in MYPY["overrides"] if one["follow_imports"] == "normal"]
    roots = [ROOT / name for name in MYPY["files"]]
    files = [file for root in roots for file in (root.rglob("*.py") if root.is_dir() else [root])]
    imported = {name for file in files for name in _imported(file.read_text()) if name.startswith("aws_cdk")}
    assert imported == read - {"aws_cdk.interfaces.*", "aws_cdk.cx_api"}  # the types of what the others take and answer
