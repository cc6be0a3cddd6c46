"""The report as tables: for the terminal, and as the page docs/costs.md."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from infra.function_table import FUNCTIONS
from proofs.commands import Sheet, sections
from proofs.cost.beside import LEAST_SHOWN, THOUSAND, attempts, compared, number, people, purchase
from proofs.cost.memory import memory_row
from proofs.cost.report import GOAL, IDLE_KEPT_MINUTES, CostReport

TEMPLATE = Path(__file__).with_name("page.md")


def tables(report: CostReport) -> Iterator[Sheet]:
    """All of them, in their order."""
    yield _by("Service", report, report.by("service"))
    yield _by("Function", report, report.by("function"))
    yield _amounts(report)
    yield compared(report)
    yield attempts(report)
    yield people(report)
    yield purchase(report)
    yield _standing(report)
    yield _months(report)
    yield _memory(report)


def verdict(report: CostReport) -> Iterator[str]:
    """Whether the goal is met, a line each."""
    for which, holds in report.holds().items():
        says = "holds" if holds else "does not hold"
        share = f"AWS, but for Rekognition, under {GOAL} % of Replicate"
        yield f"{share} at 1,000 a month and not rising at 1,000,000, {which}: {says}."
    more, whole = THOUSAND * report.rekognition, 100 * report.usd_compared / report.replicate
    yield (
        f"Of people who agreed to the comparison of faces, Rekognition adds USD {more:.2f} to 1,000 generations, and "
        f"AWS in all takes {whole:.2f} % of Replicate's."
    )


def notes(report: CostReport) -> Iterator[str]:
    """What the figures rest on, a line each."""
    more = THOUSAND * (report.waits_doubled - report.usd)
    counted = (report.measured.warm, report.measured.compared, report.measured.again)
    visits = ", ".join(str(part.visits) for part in counted)
    yield f"{visits} visits were counted: without the comparison, with it, with another attempt. One before was cold."
    weight, hundred = f"{report.image_bytes / 1000:.0f} kB", THOUSAND * 1e5 * report.usd_an_image_byte
    yield (
        f"An image weighed {weight} here, and Replicate's may weigh more: each 100 kB add USD {hundred:.3f} to 1,000 "
        f"generations. Without standing charges, AWS stays under {GOAL} % up to {' and '.join(_heaviest(report))}."
    )
    yield f"With standing charges, AWS is under {GOAL} % from {report.enough:,.0f} generations a month."
    yield f"If every wait were twice as long as assumed, 1,000 generations would cost USD {more:.3f} more."
    yield f"Metrics published: {', '.join(sorted(metric.split()[0] for metric in report.measured.metrics))}."


def _heaviest(report: CostReport) -> Iterator[str]:
    """The weight of an image at which the goal is missed, at the fewest and the most generations."""
    few, *_, many = report.months()
    for month in (few, many):
        left = (GOAL - month.share) / 100 * report.replicate
        heaviest = report.image_bytes + left / report.usd_an_image_byte
        yield f"{heaviest / 1000:.0f} kB at {month.generations:,} a month"


def show(report: CostReport, console: Console) -> None:
    """Print it."""
    for sheet in tables(report):
        console.print(sheet.table())
    for line in (*notes(report), *verdict(report)):
        console.print(line, markup=False)


def page(report: CostReport) -> str:
    """It as Markdown."""
    return TEMPLATE.read_text().format(
        idle_minutes=IDLE_KEPT_MINUTES,
        verdict="\n".join(f"- {line}" for line in verdict(report)),
        tables=sections(tables(report)),
        notes="\n".join(f"- {line}" for line in notes(report)),
    )


def _by(what: str, report: CostReport, sums: dict[str, float]) -> Sheet:
    sums = {**sums, "AWS": report.usd, "Replicate": report.replicate}
    rows = [(name, f"{THOUSAND * usd:.4f}", f"{100 * usd / report.replicate:.4f}") for name, usd in sums.items()]
    return Sheet(f"1,000 generations by {what.lower()}", (what, "USD", "% of Replicate's"), rows)


def _amounts(report: CostReport) -> Sheet:
    """What was counted, a generation; the smallest amounts in one line."""
    lines = sorted(report.lines, key=lambda line: -line.usd)
    shown = [line for line in lines if line.usd >= LEAST_SHOWN * report.usd]
    rows = [
        (f"{line.service}: {line.what}", line.function, number(line.amount), f"{THOUSAND * line.usd:.4f}")
        for line in shown
    ]
    others = sum(line.usd for line in lines[len(shown) :])
    rows.append((f"{len(lines) - len(shown)} lines more", "", "", f"{THOUSAND * others:.4f}"))
    return Sheet("What was counted", ("What", "Function", "in a generation", "USD for 1,000"), rows)


def _standing(report: CostReport) -> Sheet:
    rows = [(charge.what, f"{charge.amount:,.0f}", f"{charge.usd:.3f}") for charge in report.standing]
    rows.append(("all", "", f"{report.standing_usd:.3f}"))
    return Sheet("Standing charges of a stage, a month", ("What", "how many", "USD"), rows)


def _months(report: CostReport) -> Sheet:
    rows = [
        (
            f"{month.generations:,}", f"{100 * month.cold:.0f} %", f"{month.usd:,.2f}", f"{month.share:.3f}",
            f"{month.usd_with_standing:,.2f}", f"{month.share_with_standing:.3f}",
        )
        for month in report.months()
    ]  # fmt: skip
    columns = ("Generations a month", "cold visits", "USD", "%", "USD with standing charges", "%")
    return Sheet("A month, and its share of Replicate's", columns, rows)


def _memory(report: CostReport) -> Sheet:
    rows = []
    for name, work in sorted(report.works.items()):
        row = memory_row(work, FUNCTIONS[name].memory_mb)
        now, least = row["present"], row["cheapest"]
        saved = (now["gb_seconds"] - least["gb_seconds"]) * work.invocations * report.sheet.usd("lambda_gb_second")
        sizes = (f"{size['memory_mb']}: {size['ms']:.0f} + {size['start_ms']:.0f}" for size in (now, least))
        parts = (f"{work.cpu_ms:.0f}", f"{work.wait_ms:.0f}", f"{work.peak_mb:.0f}")
        rows.append((name, *parts, *sizes, f"{THOUSAND * saved:.4f}"))
    columns = ("Function", "CPU ms", "wait ms", "peak MB", "MB: ms + start", "the cheapest", "saves USD")
    return Sheet("Memory: as it is, and the cheapest that holds", columns, rows)
