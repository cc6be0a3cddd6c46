"""Known holes in what is locked, of Python and of npm: asked of OSV and of npm's registry, so it needs the internet.

A hole that a team has looked at stands in ``accepted.toml`` with a reason and a date; after that day it is found again.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from local.install import ROOT
from local.locks import node_locks, python_locks
from pipeline.errors import PipelineError
from pipeline.npm import NPM
from pipeline.tools import run, tool

ACCEPTED = Path(__file__).with_name("accepted.toml")
DATABASE = "OSV (osv.dev)"


class Hole(NamedTuple):
    """A known hole: ``ids`` are all of its names, ``fixed`` the versions without it, as its source writes them."""

    lock: str
    package: str
    version: str
    ids: frozenset[str]
    fixed: str

    def __str__(self) -> str:
        fix = f"fixed in {self.fixed}" if self.fixed else "no fix yet"
        return f"{self.lock}: {self.package} {self.version}: {', '.join(sorted(self.ids))}, {fix}"


def in_python(lock: str) -> list[Hole]:
    """The holes of one lock, named without ``.txt``; raises `PipelineError` where the database was not asked."""
    with TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        done = run(
            tool("pip-audit"), "--requirement", f"{lock}.txt", "--require-hashes", "--disable-pip", "--strict",
            "--vulnerability-service", "osv", "--progress-spinner", "off", "--format", "json", "--output", str(report),
        )  # fmt: skip
        if not report.exists():  # a finding and a failure have the same exit status
            raise PipelineError(f"{lock}.txt: {DATABASE} could not be asked: {_last(done.stderr)}")
        return list(of_pip_audit(f"{lock}.txt", json.loads(report.read_text(encoding="utf-8"))))


def in_node(folder: str) -> list[Hole]:
    """The holes of the lock in this folder; raises `PipelineError` where the registry was not asked."""
    done = run(*NPM, "audit", "--package-lock-only", "--json", folder=ROOT / folder)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = {}
    if "vulnerabilities" not in answer:
        why = answer.get("message") or _last(done.stderr)
        raise PipelineError(f"{folder}/package-lock.json: npm's registry could not be asked: {why}")
    return list(of_npm(f"{folder}/package-lock.json", answer))


def of_pip_audit(lock: str, report: Mapping[str, Any]) -> Iterator[Hole]:
    """What stands in a report of pip-audit."""
    for package in report["dependencies"]:
        for hole in package.get("vulns", []):
            ids = frozenset([hole["id"], *hole["aliases"]])
            yield Hole(lock, package["name"], package["version"], ids, ", ".join(hole["fix_versions"]))


def of_npm(lock: str, answer: Mapping[str, Any]) -> Iterator[Hole]:
    """What stands in a report of ``npm audit``: each package with advisories of its own, not those above it."""
    for name, found in answer["vulnerabilities"].items():
        own = [each for each in found["via"] if isinstance(each, dict)]
        for advisory in own:
            fix = found.get("fixAvailable")
            fixed = f"{fix['name']} {fix['version']}" if isinstance(fix, dict) else "an update" if fix else ""
            yield Hole(lock, name, found["range"], frozenset([advisory["url"].rpartition("/")[2]]), fixed)


def accepted(text: str, today: date) -> frozenset[str]:
    """The ids that a team has accepted and whose day has not come; raises `PipelineError` for one without a reason."""
    ids = set()
    for entry in tomllib.loads(text).get("hole", []):
        if not (entry.get("id") and entry.get("reason") and isinstance(entry.get("until"), date)):
            raise PipelineError(f"{ACCEPTED.name}: each [[hole]] has an id, a reason and a date until: not {entry}")
        if today <= entry["until"]:
            ids.add(str(entry["id"]))
    return frozenset(ids)


def scan(today: date) -> int:
    """Look every lock up and say what was found; answer how many holes are not accepted. Raises `PipelineError`."""
    known = accepted(ACCEPTED.read_text(encoding="utf-8"), today)
    found = 0
    for what, locks, holes_of in (("Python", python_locks(), in_python), ("npm", node_locks(), in_node)):
        for lock in locks:
            holes = [hole for hole in holes_of(lock) if not hole.ids & known]
            found += len(holes)
            print(f"{what}, {lock}: {len(holes) or 'none'}", *holes, sep="\n  ", flush=True)
    return found


def _last(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
