"""The score card: what was injected, how often, what came of it, and what was wrong. For the terminal and the page."""

from collections.abc import Iterator, Mapping

from proofs.chaos.simulation.runner import Run
from proofs.chaos.simulation.score import Score

INTRODUCTION = """# Chaos

`make chaos` runs all of Veil in one process, under one seed: the functions as they are deployed, their use cases and
adapters, botocore with its retries and the providers' clients. Below the wire everything is simulated, and goes wrong:
DynamoDB and S3 with AWS's semantics, Replicate, Upstash, Azure Face, time, and the end of a process between any two
of its calls. In the end the audit has to hold, every generation to have ended within its hour of simulated time, and
nobody to have been charged for a missing photo or given one free. The same seed gives the same run, event by event.

This is the card of the last run.
"""


def page(run: Run, fuzzed: str) -> str:
    """The card as Markdown; ``fuzzed`` says what came of that."""
    return "\n".join([INTRODUCTION, *_summary(run), f"- {fuzzed}", *_tables(run)]) + "\n"


def summary(run: Run) -> str:
    """The card's head, for a terminal."""
    return "\n".join(line.replace("**", "").replace("`", "") for line in _summary(run))


def _summary(run: Run) -> Iterator[str]:
    score = run.score
    yield f"Seed **{run.seed}**, fingerprint `{score.fingerprint}`."
    yield ""
    yield f"- **{score.generations:,}** generations, of which **{score.unended}** did not end."
    tried = sum(run.crash_points.values())
    yield f"- **{tried:,}** crashes one by one, at each of **{len(run.crash_points)}** different places."
    yield f"- **{sum(score.injected.values()):,}** faults of **{len(score.injected)}** kinds."
    yield f"- **{sum(score.calls.values()):,}** calls of the functions to the outside."
    yield f"- **{len(score.violations)}** violations."
    for violation in score.violations[:20]:
        yield f"  - {violation}"


def _tables(run: Run) -> Iterator[str]:
    score = run.score
    yield from _table("What came of it", ("what", "how often"), score.ends)
    yield from _table("What was recovered", ("what", "how often"), recovered(score))
    yield from _table("What was injected", ("fault", "how often"), score.injected)
    yield from _table("Where a process was ended, one place after another", ("place", "how often"), run.crash_points)


def recovered(score: Score) -> dict[str, int]:
    """What went wrong and did not show: somebody else finished it, or it was done again."""
    ends, injected = score.ends, score.injected
    deaths = sum(count for name, count in injected.items() if name.startswith("process ended"))
    return {
        "images that the sweep stored, since no webhook did": ends["images stored by sweeper"],
        "images that the sweep started, since the request could not": ends["images claimed by sweeper"],
        "images that were tried again after a failed or throttled attempt": sum(
            count for name, count in ends.items() if name.startswith("images requeued")
        ),
        "images that were refunded": sum(count for name, count in ends.items() if name.startswith("images refunded")),
        "checks, sweeps and payments that were done again": sum(
            count for name, count in ends.items() if name.endswith("tried again later")
        ),
        "processes that ended in the middle, and lost nothing": deaths,
    }


def _table(title: str, head: tuple[str, str], rows: Mapping[str, int]) -> Iterator[str]:
    yield f"\n## {title}\n\n| {head[0]} | {head[1]} |\n|---|---:|"
    for name, count in sorted(rows.items()):
        yield f"| {name} | {count:,} |"
