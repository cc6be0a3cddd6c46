"""Boot the local cloud, make the visits, take the counters."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cloud.options import Options
from operations.progress import Progress
from proofs.cost.counts import Counts, Record
from proofs.cost.parts import IDLE_SWEEPS, Parts
from proofs.stack import deployed

SERVICES = ("dynamodb", "s3", "sqs", "secretsmanager")
PROBE = Path(__file__).with_name("probe")
REPLICATE_SECONDS = 5.0  # that a prediction takes here; it decides how often the client polls
# The sweep looks first after half a minute instead of one and a half: no generation here is open for so long, and what
# two webhooks at once leave to the sweep is then done sooner.
SETTINGS = {"DUE_SECONDS": "30,300,900,1800,2700"}


@dataclass(frozen=True)
class Measured:
    """``cold``: a first visit, which found no function running; ``warm``: those after it, of people who did not agree
    to the comparison of faces; ``compared``: those of people who did; ``again``: visits of whose images one took
    another attempt; ``idle``: sweeps with nothing to do; ``bought``: purchases; ``people``: what a person asks for
    once; ``records``: of all the run; ``template``: of the stack that ran.
    """

    cold: Counts
    warm: Counts
    compared: Counts
    again: Counts
    idle: Counts
    bought: Counts
    people: Mapping[str, Counts]
    records: list[Record]
    template: Mapping[str, Any]

    @property
    def metrics(self) -> set[str]:
        """The custom metrics that were published, by name and dimensions."""
        parts = (self.cold, self.warm, self.compared, self.again, self.idle, self.bought, *self.people.values())
        return {metric for part in parts for metric in part.metrics}


def measure(generations: int, state: Path, progress: Progress) -> Measured:
    """Do it on a cloud of its own; raises `LocalError` when that can't be had or a visit fails."""
    records = state / "records"
    shutil.rmtree(records, ignore_errors=True)
    records.mkdir(parents=True)
    options = Options(
        state=state,
        settings=SETTINGS,
        detour=SERVICES,
        detour_by="proofs.cost.counter",
        detour_presigned=True,
        functions_environment={"PYTHONPATH": str(PROBE), "COST_PROBE": str(records)},
    )
    with deployed(options, progress) as stack:
        stack.providers("POST", {"replicate": {"latency": REPLICATE_SECONDS}})
        run = Parts(stack, records)
        with progress.step("a first visit, which finds every function cold"):
            cold = run.visits(1)
        with progress.step(f"{generations} visits, one after another"):
            warm = run.visits(generations)
        half, some = max(1, generations // 2), max(1, generations // 3)  # of what differs in one thing alone
        with progress.step(f"{half} visits of people whose faces are compared, after one that finds the networks cold"):
            run.visits(1, compared=True)
            compared = run.visits(half, compared=True)
        with progress.step(f"{some} visits of whose images one takes another attempt"):
            again = run.visits(some, fails=True)
        with progress.step(f"{IDLE_SWEEPS} sweeps when nothing is due"):
            idle = run.sweeps()
        with progress.step(f"{some} people who come, agree, and leave"):
            people = run.people(some)
        with progress.step(f"{generations} purchases, after one that finds its function cold"):
            run.purchases(1)
            bought = run.purchases(generations)
        (template,) = (state / "cdk.out").glob("veil-*.template.json")
        stands = json.loads(template.read_text())
        return Measured(cold, warm, compared, again, idle, bought, people, run.records(), stands)
