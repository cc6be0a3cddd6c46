"""The score card: what was injected, how often, what came of it, and what was wrong. For the terminal and the page."""

import re
from collections.abc import Iterator
from pathlib import Path

from proofs.chaos.simulation.runner import ChaosReport
from proofs.chaos.simulation.score import Score
from proofs.commands import counts, sections

MONEY = re.compile(
    "pack|plan|order|renewal|refunds|subscription|period|cancels|confirms|people who owe|webhooks of Toss|messages"
)
TEMPLATE = Path(__file__).with_name("page.md")


def page(report: ChaosReport, fuzzed: str) -> str:
    """The card as Markdown; ``fuzzed`` is the result of the fuzzer."""
    of_money = {name: count for name, count in report.score.ends.items() if MONEY.match(name)}
    others = {name: count for name, count in report.score.ends.items() if name not in of_money}
    tables = (
        counts("What came of it", others),
        counts("What came of the money", of_money),
        counts("What was recovered", recovered(report.score)),
        counts("What was injected", report.score.injected, "fault"),
        counts("Where a process was ended, one place after another", report.crash_points, "place"),
    )
    summary = "\n".join(_summary(report))
    return TEMPLATE.read_text().format(summary=summary, fuzzed=fuzzed, tables=sections(tables))


def summary(report: ChaosReport) -> str:
    """The card's head, for a terminal."""
    return "\n".join(line.replace("**", "").replace("`", "") for line in _summary(report))


def _summary(report: ChaosReport) -> Iterator[str]:
    score, points = report.score, report.crash_points
    yield f"Seed **{report.seed}**, fingerprint `{score.fingerprint}`."
    yield ""
    yield f"- **{score.generations:,}** generations, of which **{score.unended}** did not end."
    yield f"- **{sum(points.values()):,}** crashes one by one, at each of **{len(points)}** different places."
    yield f"- **{sum(score.injected.values()):,}** faults of **{len(score.injected)}** kinds."
    yield f"- **{sum(score.calls.values()):,}** calls of the functions to the outside."
    yield f"- **{len(score.violations)}** violations."
    yield from (f"  - {violation}" for violation in score.violations[:20])


def recovered(score: Score) -> dict[str, int]:
    """What went wrong and did no harm: something else finished it, or it was done again."""
    ends = score.ends

    def total(start: str, end: str = "") -> int:
        return sum(count for name, count in ends.items() if name.startswith(start) and name.endswith(end))

    return {
        "images that the sweep stored, since no webhook did": ends["images stored by sweeper"],
        "images that the sweep started, since the request could not": ends["images claimed by sweeper"],
        "images that were tried again after a failed or throttled attempt": total("images requeued"),
        "orders whose payment the charger found": ends["orders paid by charger"],
        "images that were refunded": total("images refunded"),
        "checks, sweeps and payments that were done again": total("", "tried again later"),
        "processes that ended in the middle, and lost nothing": sum(
            count for name, count in score.injected.items() if name.startswith("process ended")
        ),
    }
