"""A release: its version (it stands in `pyproject.toml`), its part of the CHANGELOG, and the files that go with it."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

from local.install import ROOT
from pipeline.errors import PipelineError

VERSION = re.compile(r"\d+\.\d+\.\d+")
DOCUMENT = Path("layers/shared/python/veil/api/openapi.json")
PACKAGE = Path("layers/shared/python/veil/__init__.py")
HEADING = r"^## \[{}\](?P<rest>.*)$"
NEXT = "\n## ["


def version_of(root: Path = ROOT) -> str:
    """The version that stands in ``pyproject.toml``."""
    return str(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def notes(version: str, changelog: str) -> str:
    """This version's part of the CHANGELOG, without its heading; raises `PipelineError` where it is not to be read."""
    found = re.search(HEADING.format(re.escape(version)), changelog, re.MULTILINE)
    if found is None:
        raise PipelineError(f"CHANGELOG.md has no part '## [{version}] - DATE'")
    if not re.fullmatch(r" - \d{4}-\d{2}-\d{2}", found["rest"]):
        raise PipelineError(
            f"CHANGELOG.md: the heading of {version} needs its date, as in '## [{version}] - 2026-11-27'"
        )
    text = changelog[found.end() :].partition(NEXT)[0].strip()
    if not text:
        raise PipelineError(f"CHANGELOG.md says nothing of {version}")
    return f"{text}\n"


def check(tag: str, root: Path = ROOT) -> str:
    """The version of a release under this tag; raises `PipelineError` naming every place that says another one."""
    version = tag.removeprefix("v")
    if tag[:1] != "v" or not VERSION.fullmatch(version):
        raise PipelineError(f"{tag!r} is no tag of a release: v and three numbers, as in v1.2.0")
    package = re.search(r'^__version__ = "(.*)"$', (root / PACKAGE).read_text(encoding="utf-8"), re.MULTILINE)
    said = {
        "pyproject.toml": version_of(root),
        str(PACKAGE): package[1] if package else "none",
        str(DOCUMENT): json.loads((root / DOCUMENT).read_text(encoding="utf-8"))["info"]["version"],
    }
    if wrong := [f"{place} says {other}" for place, other in said.items() if other != version]:
        raise PipelineError(f"{tag}: {', '.join(wrong)}; 'make release VERSION={version}' puts that right")
    notes(version, (root / "CHANGELOG.md").read_text(encoding="utf-8"))
    return version


def prepare(version: str, day: date, root: Path = ROOT) -> None:
    """Write the version where it stands, and date what the CHANGELOG has as unreleased.

    The document is not written: `make openapi` makes it from the code. Raises `PipelineError`, and then wrote nothing.
    """
    if not VERSION.fullmatch(version):
        raise PipelineError(f"{version!r} is no version: three numbers, as in 1.2.0")
    if _numbers(version) <= _numbers(version_of(root)):
        raise PipelineError(f"{version} is not after {version_of(root)}, the last one")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = changelog.replace("## [Unreleased]\n", f"## [Unreleased]\n\n## [{version}] - {day.isoformat()}\n", 1)
    notes(version, dated)
    written = {
        "pyproject.toml": re.sub(
            r'(?m)^version = ".*"$', f'version = "{version}"', _text(root, "pyproject.toml"), count=1
        ),
        str(PACKAGE): re.sub(r'(?m)^__version__ = ".*"$', f'__version__ = "{version}"', _text(root, str(PACKAGE))),
        "CHANGELOG.md": dated,
    }
    for place, text in written.items():
        (root / place).write_text(text, encoding="utf-8")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _text(root: Path, place: str) -> str:
    return (root / place).read_text(encoding="utf-8")
