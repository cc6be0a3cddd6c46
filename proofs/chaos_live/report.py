"""What a run counted, and what it proved wrong."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from proofs.commands import counts

TABLES = {
    "aws_calls": "Calls of the functions to AWS",
    "injected": "Faults met",
    "killed": "Functions killed",
    "answers": "Answers to the users",
    "retries": "Tries again by the users, by their reason",
    "sweeps": "Sweeps, beside those of every minute",
    "uploads": "Uploads as they ended",
    "generations": "Generations as they ended",
    "images": "Images as they ended",
}


@dataclass
class LiveReport:
    """The ``counts`` of one run, by their table; it passed when there are no ``violations``."""

    seed: int
    users: int
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in TABLES})
    seconds: dict[str, float] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        members = vars(self) | self.counts
        return {name: member for name, member in members.items() if name != "counts"}

    def show(self, console: Console) -> None:
        """Print the tables, and every violation."""
        for name, title in TABLES.items():
            console.print(counts(title, self.counts[name]).table(show_header=False, min_width=56))
        for violation in self.violations:
            console.print(f"VIOLATION {violation}", style="red", markup=False)
        console.print(f"seed {self.seed}, {self.users} users: {len(self.violations)} violations", style="bold")
