"""What a run counted, and what it proved wrong."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

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
class Score:
    """All the counts of one run; it passed when there are no ``violations``."""

    seed: int
    users: int
    aws_calls: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    retries: Counter[str] = field(default_factory=Counter)
    sweeps: Counter[str] = field(default_factory=Counter)
    uploads: Counter[str] = field(default_factory=Counter)
    generations: Counter[str] = field(default_factory=Counter)
    images: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def write(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(vars(self), indent=2, sort_keys=True) + "\n")

    def show(self, console: Console) -> None:
        """Print the tables, and every violation."""
        for name, title in TABLES.items():
            counts: Counter[str] = getattr(self, name)
            table = Table(title=title, title_justify="left", show_header=False, min_width=56)
            for what, count in sorted(counts.items()):
                table.add_row(what, str(count))
            console.print(table)
        for violation in self.violations:
            console.print(f"VIOLATION {violation}", style="red", markup=False)
        console.print(f"seed {self.seed}, {self.users} users: {len(self.violations)} violations", style="bold")
