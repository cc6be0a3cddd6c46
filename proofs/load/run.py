"""One run: boot, let each crowd work in turn, wait until all has settled, audit."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from local.cloud.options import Options
from local.cloud.running import STATE, RunningCloud
from local.cloud.up import cloud
from local.processes import poll
from local.progress import Progress
from operations.audit.report import Report, audit
from proofs.load.crowd import Crowd
from proofs.load.tally import Tally
from proofs.unfinished import unfinished

SETTLE_SECONDS = 600


@dataclass(frozen=True)
class Plan:
    """How many users at once, one crowd after the other; a crowd has come within ``ramp`` seconds."""

    users: tuple[int, ...] = (50, 500)
    ramp: float = 30.0
    state: Path = STATE / "load"


@dataclass
class Outcome:
    """What came of a run."""

    stages: list[Tally] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    audit: Report = field(default_factory=Report)

    @property
    def passed(self) -> bool:
        """Whether nobody met an error, and nothing was lost."""
        errors = sum(stage.errors.total() for stage in self.stages)
        return not (errors or self.unfinished or self.audit.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "stages": [stage.as_json() for stage in self.stages],
            "unfinished": self.unfinished,
            "audit": self.audit.as_json(),
        }


def load(plan: Plan, progress: Progress) -> Outcome:
    """Do it, on a cloud of its own; raises `LocalError` when the cloud itself can't be had."""
    with cloud(Options(state=plan.state), progress) as running:
        _render_once(running)
        return _load_on(running, plan, progress)


def _render_once(running: RunningCloud) -> None:
    """2,000 portraits would take six minutes of a core, for which the users would then wait, and for nothing else."""
    rule = {"replicate": {"remember": True}}
    httpx.post(f"{running.providers_url}/_control", json=rule, trust_env=False).raise_for_status()


def _load_on(running: RunningCloud, plan: Plan, progress: Progress) -> Outcome:
    outcome = Outcome()
    for users in plan.users:
        with progress.step(f"{users} users at work"):
            outcome.stages.append(Crowd(running, users, plan.ramp, plan.state).visit(progress))
    with progress.step("everything comes to its end"):
        poll(lambda: not unfinished(running), SETTLE_SECONDS, interval=2)
    outcome.unfinished = unfinished(running)
    with progress.step("the audit"):
        outcome.audit = audit(running.stage)
    return outcome
