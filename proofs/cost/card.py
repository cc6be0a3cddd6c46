"""The report as tables: for the terminal, and as the page docs/costs.md."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from infra.function_table import FUNCTIONS
from proofs.cost.report import GOAL, IDLE_KEPT_MINUTES, Report, memory_row

THOUSAND = 1000
LEAST_SHOWN = 0.01  # of what a generation costs


class Shown(NamedTuple):
    """One table: its title, its columns, its rows; the first column is words, the others are figures."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def tables(report: Report) -> Iterator[Shown]:
    """All of them, in their order."""
    yield _by("Service", report, report.by("service"))
    yield _by("Function", report, report.by("function"))
    yield _amounts(report)
    yield _standing(report)
    yield _totals(report)
    yield _memory(report)


def verdict(report: Report) -> Iterator[str]:
    """Whether the goal holds, a line each."""
    for which, holds in report.holds().items():
        says = "holds" if holds else "does not hold"
        yield f"AWS under {GOAL} % of Replicate at 1,000 a month and not rising at 1,000,000, {which}: {says}."


def notes(report: Report) -> Iterator[str]:
    """What the figures rest on, a line each."""
    warm = report.measured.warm
    more = THOUSAND * (report.waits_doubled - report.usd)
    yield f"{warm.visits} visits were counted, after a first one that found every function cold."
    weight, hundred = f"{report.portrait_bytes / 1000:.0f} kB", THOUSAND * 1e5 * report.usd_a_portrait_byte
    yield (
        f"A portrait weighed {weight} here, and Replicate's may weigh more: each 100 kB add USD {hundred:.3f} to 1,000 "
        f"generations. Nothing standing counted, AWS stays under {GOAL} % up to {' and '.join(_heaviest(report))}."
    )
    yield f"With what stands, AWS is under {GOAL} % from {report.enough:,.0f} generations a month."
    yield f"If every wait were twice as long as taken, 1,000 generations would cost USD {more:.3f} more."
    yield f"Metrics told: {', '.join(sorted(metric.split()[0] for metric in report.json()['metrics']))}."


def _heaviest(report: Report) -> Iterator[str]:
    """The weight of a portrait at which the goal is missed, at the fewest and the most generations."""
    totals = report.totals()
    for total in (totals[0], totals[-1]):
        left = (GOAL - total.share) / 100 * report.replicate
        heaviest = report.portrait_bytes + left / report.usd_a_portrait_byte
        yield f"{heaviest / 1000:.0f} kB at {total.generations:,} a month"


def show(report: Report, console: Console) -> None:
    """Print it."""
    for shown in tables(report):
        table = Table(title=shown.title, title_justify="left")
        for number, column in enumerate(shown.columns):
            table.add_column(column, justify="right" if number else "left", no_wrap=not number)
        for row in shown.rows:
            table.add_row(*row)
        console.print(table)
    for line in (*notes(report), *verdict(report)):
        console.print(line, markup=False)


def page(report: Report) -> str:
    """It as Markdown."""
    parts = [INTRODUCTION, *(f"- {line}" for line in verdict(report)), ""]
    for shown in tables(report):
        parts += [f"## {shown.title}", "", *_markdown(shown), ""]
    parts += [SIZES_STAY, "## What it rests on", "", *(f"- {line}" for line in notes(report)), LEFT_OUT]
    return "\n".join(parts)


def _markdown(shown: Shown) -> Iterator[str]:
    yield f"| {' | '.join(shown.columns)} |"
    yield "|---|" + "---:|" * (len(shown.columns) - 1)
    yield from (f"| {' | '.join(row)} |" for row in shown.rows)


def _by(what: str, report: Report, sums: dict[str, float]) -> Shown:
    rows = [_row(name, usd, report) for name, usd in sums.items()]
    rows.append(_row("AWS", report.usd, report))
    rows.append(_row("Replicate", report.replicate, report))
    return Shown(f"1,000 generations by {what.lower()}", (what, "USD", "% of Replicate's"), rows)


def _row(name: str, usd: float, report: Report) -> tuple[str, ...]:
    return name, f"{THOUSAND * usd:.4f}", f"{100 * usd / report.replicate:.4f}"


def _amounts(report: Report) -> Shown:
    """What was counted, a generation; what is next to nothing, together."""
    lines = sorted(report.lines, key=lambda line: -line.usd)
    shown = [line for line in lines if line.usd >= LEAST_SHOWN * report.usd]
    rows = [
        (f"{line.service}: {line.what}", line.function, _number(line.amount), f"{THOUSAND * line.usd:.4f}")
        for line in shown
    ]
    others = sum(line.usd for line in lines[len(shown) :])
    rows.append((f"{len(lines) - len(shown)} lines more", "", "", f"{THOUSAND * others:.4f}"))
    return Shown("What was counted", ("What", "Function", "in a generation", "USD for 1,000"), rows)


def _standing(report: Report) -> Shown:
    rows = [(charge.what, f"{charge.amount:,.0f}", f"{charge.usd:.3f}") for charge in report.standing]
    rows.append(("all", "", f"{sum(charge.usd for charge in report.standing):.3f}"))
    return Shown("Standing, a month and stage", ("What", "how many", "USD"), rows)


def _totals(report: Report) -> Shown:
    rows = [
        (
            f"{total.generations:,}", f"{100 * total.cold:.0f} %", f"{total.usd:,.2f}", f"{total.share:.3f}",
            f"{total.usd_with_standing:,.2f}", f"{total.share_with_standing:.3f}",
        )
        for total in report.totals()
    ]  # fmt: skip
    columns = ("Generations a month", "cold visits", "USD", "%", "USD with what stands", "%")
    return Shown("A month, and its share of Replicate's", columns, rows)


def _memory(report: Report) -> Shown:
    rows = []
    for name, work in sorted(report.works.items()):
        row = memory_row(work, FUNCTIONS[name].memory_mb)
        now, least = row["present"], row["cheapest"]
        saved = (now["gb_seconds"] - least["gb_seconds"]) * work.invocations * report.sheet.usd("lambda_gb_second")
        sizes = (f"{size['memory_mb']}: {size['ms']:.0f} + {size['start_ms']:.0f}" for size in (now, least))
        parts = (f"{work.cpu_ms:.0f}", f"{work.wait_ms:.0f}", f"{work.peak_mb:.0f}")
        rows.append((name, *parts, *sizes, f"{THOUSAND * saved:.4f}"))
    columns = ("Function", "CPU ms", "wait ms", "peak MB", "MB: ms + start", "the cheapest", "saves USD")
    return Shown("Memory: as it is, and the cheapest that holds", columns, rows)


def _number(amount: float) -> str:
    return f"{amount:.1f}" if amount >= 1 else f"{amount:.2g}"


INTRODUCTION = f"""# What a generation costs

`make cost` makes whole visits through the deployed local stack, counts what reaches AWS, and prices it by one sheet,
`proofs/cost/prices.toml`: Seoul, on demand, arm64, no free tier. A visit is a new account, a photo of 12 megapixels
uploaded and checked, four portraits, the polls of an app that does as `Retry-After` says, each portrait looked at once,
one chosen, the history and the balance asked for.

- Calls, bytes and DynamoDB's request units: a proxy between the functions and AWS reads each item before and after it
  is written, and `proofs/cost/units.py` has DynamoDB's rules.
- Invocations, CPU and memory: told by each function's own process. On Lambda an invocation takes its waits, and its CPU
  times 1,769 MB over its memory; the waits are those of `proofs/cost/waits.toml`, published or assumed, since stand-ins
  on a laptop say nothing about them.
- A visit finds its functions cold when none has come for {IDLE_KEPT_MINUTES} minutes, if visits come at random; starts
  are billed.

This is the last run.
"""
SIZES_STAY = """"Start" is a process' start with what only its first invocation does. The cheapest size is the smallest
that holds half as much again as was measured, and the largest photo or output that is taken; every other size costs the
same CPU and dearer waiting. `webhook` has half of what it had: it mostly waits, nobody waits for its answer, and a
portrait comes some 20 ms later from a process that runs. The others stay: all of them together would save a thirtieth
of a generation's price on AWS, and every start would take four to eight times as long, while an app waits for
`uploads`, `generations` and `gallery`. `check` must hold a photo of 50 megapixels.
"""
LEFT_OUT = """
## What it leaves out

- Failures and retries: every visit went well. A webhook that comes twice, a refund or a sweep that settles costs some
  request units more.
- Storage after its first month: what is counted as kept a month is paid again in every month until it is deleted.
- Who is not AWS, beside Replicate: Azure Face, Upstash. And Cognito, whose price is by user.
- The requests' own bytes to Replicate and Upstash, about 10 kB a generation; SNS mails; taxes; free tiers, which would
  pay for all metrics, nearly all alarms and the first 100 GB out of every month.
- The difference between this machine's CPU and Lambda's arm64 core; contention; the bursts in which more processes
  start than here.
- The local AWS writes no access log: its line is taken as long as one written by hand.
"""
