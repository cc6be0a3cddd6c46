"""Import times: what each package takes of all the time that a function's imports take."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator

from proofs.bench.deployed import PYTHON, environment
from proofs.bench.row import BenchRow, measured

FUNCTION = "generations"  # which imports most
SHARES = {  # about half as much again as was measured
    "veil": 0.22,
    "aws_lambda_powertools": 0.13,
    "botocore": 0.17,
    "pydantic": 0.16,
    "pydantic_core": 0.07,
    "urllib3": 0.09,
}
LINE = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s+([^\s.]+)", re.MULTILINE)


def import_times(turns: int) -> Iterator[BenchRow]:
    """Each package's share; a start that takes longer as a whole is the cold starts' affair."""
    _import()  # warms
    runs = [_import() for _ in range(turns)]
    totals = [run.total() for run in runs]
    for package, share in SHARES.items():
        ours = [run[package] for run in runs]
        if not all(ours):
            raise RuntimeError(f"{FUNCTION} does not import {package}")
        what = f"all that {FUNCTION} imports"
        yield measured(f"import time: {package}", what, ours, totals, unit="µs", limit=share)


def _import() -> Counter[str]:
    """The microseconds that a fresh process takes for the modules of each package, each without what it imports."""
    command = [PYTHON, "-S", "-X", "importtime", "-c", "import veil.entry"]
    run = subprocess.run(command, env=environment(FUNCTION), capture_output=True, text=True, check=True)
    taken: Counter[str] = Counter()
    for microseconds, package in LINE.findall(run.stderr):
        taken[package] += int(microseconds)
    return taken
