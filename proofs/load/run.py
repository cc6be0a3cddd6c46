"""One run: boot, let each crowd work in turn, wait until all has settled, audit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.cloud.options import Options
from local.progress import Progress
from operations.audit.report import Report
from proofs.load.crowd import visit
from proofs.load.tally import Tally
from proofs.stack import deployed


@dataclass
class LoadReport:
    """What a run found; a stage is one crowd's."""

    stages: list[Tally] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    audit: Report = field(default_factory=Report)

    @property
    def passed(self) -> bool:
        """Whether nobody met an error, and nothing was lost."""
        errors = sum(stage.errors.total() for stage in self.stages)
        return not (errors or self.unfinished or self.audit.findings)

    def as_json(self) -> dict[str, Any]:
        members = {"stages": [stage.as_json() for stage in self.stages], "audit": self.audit.as_json()}
        return {"passed": self.passed, "unfinished": self.unfinished, **members}


def load(crowds: Iterable[int], ramp: float, state: Path, progress: Progress) -> LoadReport:
    """Let crowds of so many users visit, each within ``ramp`` seconds; raises `LocalError` without a cloud."""
    report = LoadReport()
    with deployed(Options(state=state), progress) as stack:
        # 2,000 images would take six minutes of a core, and the users would wait for nothing else.
        stack.providers("POST", {"replicate": {"remember": True}})
        for users in crowds:
            with progress.step(f"{users} users at work"):
                report.stages.append(visit(stack.running, users, ramp, state, progress))
        with progress.step("everything comes to its end"):
            report.unfinished = stack.settle()
        with progress.step("the audit"):
            report.audit = stack.audit()
    return report
