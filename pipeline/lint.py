"""The workflows hold: what GitHub would refuse, what a stranger could use, and what Renovate would not understand."""

from pathlib import Path

from local.install import ROOT
from pipeline.tools import run, tool

RENOVATE = ROOT / "renovate.json"


def complaints(workflows: Path, renovate: Path = RENOVATE) -> list[str]:
    """What the tools say of the workflows in this folder, and of Renovate's configuration; none where all is well.

    Neither asks anything of the network. Raises `PipelineError` where a tool is not installed.
    """
    files = sorted(map(str, workflows.glob("*.y*ml")))
    quiet = ("--shellcheck=", "--pyflakes=", "--no-hints")  # the same, whatever else a machine has
    commands = [
        (tool("jactionlint"), "--profile", "correctness", *quiet, *files),
        (tool("zizmor"), "--offline", "--no-progress", "--no-config", "--quiet", "--min-severity", "medium", *files),
        (tool("check-jsonschema"), "--builtin-schema", "vendor.renovate", str(renovate)),
    ]
    said = []
    for command in commands:
        done = run(*command)
        if done.returncode:
            said.append(f"{Path(command[0]).name}: {(done.stdout + done.stderr).strip()}")
    return said
