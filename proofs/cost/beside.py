"""What comes beside a visit that goes well: the comparison of faces, further attempts, what is asked for once."""

from proofs.commands import Sheet
from proofs.cost.bill import REKOGNITION
from proofs.cost.report import IMAGES, CostReport

THOUSAND = 1000
LEAST_SHOWN = 0.01  # of what a generation costs


def compared(report: CostReport) -> Sheet:
    """A generation without the comparison of faces, and with it, side by side."""
    faces, own = report.rekognition, report.usd_compared - report.rekognition
    calls = sum(line.amount for line in report.compared if line.service == REKOGNITION)
    both = {
        "AWS without Rekognition": (report.usd, own),
        "Rekognition": (0.0, faces),
        "AWS": (report.usd, report.usd_compared),
    }
    rows = [(what, *(f"{THOUSAND * usd:.4f}" for usd in pair)) for what, pair in both.items()]
    rows += [
        (f"{what}, % of Replicate's", *(f"{100 * usd / report.replicate:.4f}" for usd in pair))
        for what, pair in both.items()
    ]
    rows.append(("comparisons in a generation", "0", number(calls)))
    return Sheet("1,000 generations without the comparison of faces, and with it", ("USD", "without", "with"), rows)


def attempts(report: CostReport) -> Sheet:
    """What an image asks for that needs more than one attempt: Replicate by the list prices of the default chain, AWS
    as it was counted, and Rekognition where the attempt's face is compared.
    """
    again, face = THOUSAND * report.usd_again, THOUSAND * report.rekognition / IMAGES
    rows = [
        (
            f"{number}: {name}", f"{THOUSAND * usd:.1f}", f"{THOUSAND * whole:.1f}",
            "" if number == 1 else f"{again:.4f}", f"{face:.2f}",
        )
        for number, (name, usd, whole) in enumerate(report.attempts, start=1)
    ]  # fmt: skip
    columns = ("Attempt", "Replicate's USD", "so far", "AWS's, more", "Rekognition's, if compared")
    return Sheet("1,000 images that need another attempt", columns, rows)


def people(report: CostReport) -> Sheet:
    """What each person asks for once, by service."""
    sums = {what: (sum(line.usd for line in lines), lines) for what, lines in report.people.items()}
    rows = []
    for what, (usd, lines) in sums.items():
        writes = sum(line.amount for line in lines if line.what == "write units")
        reads = sum(line.amount for line in lines if line.what == "read units")
        rows.append((what, number(writes), number(reads), f"{THOUSAND * usd:.4f}"))
    return Sheet("What a person asks for once", ("What", "write units", "read units", "USD for 1,000"), rows)


def purchase(report: CostReport) -> Sheet:
    """What was counted, a purchase; the smallest amounts in one line."""
    lines = sorted(report.purchase, key=lambda line: -line.usd)
    whole = sum(line.usd for line in lines)
    shown = [line for line in lines if line.usd >= LEAST_SHOWN * whole]
    rows = [
        (f"{line.service}: {line.what}", line.function, number(line.amount), f"{THOUSAND * line.usd:.4f}")
        for line in shown
    ]
    others = sum(line.usd for line in lines[len(shown) :])
    rows.append((f"{len(lines) - len(shown)} lines more", "", "", f"{THOUSAND * others:.4f}"))
    rows.append(("all", "", "", f"{THOUSAND * whole:.4f}"))
    return Sheet("A purchase", ("What", "Function", "in a purchase", "USD for 1,000"), rows)


def number(amount: float) -> str:
    return f"{amount:.1f}" if amount >= 1 else f"{amount:.2g}"
