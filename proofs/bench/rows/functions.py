"""The functions as they are deployed: their sizes, and the time until a fresh process is ready."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from infra import bundling
from infra.function_table import FUNCTIONS
from proofs.bench.deployed import PYTHON, environment, layer, layers_of, run, stock
from proofs.bench.row import BenchRow, in_turns, measured
from proofs.bench.scene import Event, Scene
from proofs.bench.worker import PROGRAMS

MB = 1e6
ALLOWED_MB = {"check": 60}
ARCHITECTURES = ("arm64", "x86_64")
PLAIN = "a plain Powertools resolver with validation, five pydantic models, boto3's DynamoDB and S3 clients"
LIMITS = {"check": 1.0}
IMPORTING = "generations"  # which imports most
SHARES = {  # of all import time; about half as much again as was measured
    "veil": 0.22,
    "aws_lambda_powertools": 0.13,
    "botocore": 0.17,
    "pydantic": 0.16,
    "pydantic_core": 0.07,
    "urllib3": 0.09,
}
IMPORT = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s+([^\s.]+)", re.MULTILINE)


def sizes() -> Iterator[BenchRow]:
    """Each function with its layers, unzipped, in the architecture where that is more."""
    for function in FUNCTIONS:
        layers = [sum(_size(layer(name, each)) for name in layers_of(function)) for each in ARCHITECTURES]
        size = _size(bundling.function(function)) + max(layers)
        allowed = ALLOWED_MB.get(function, 25)
        yield BenchRow(f"size, unzipped: {function}", "allowed", size / MB, allowed, "MB", limit=1.0)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def cold_starts(turns: int) -> Iterator[BenchRow]:
    """Each function as deployed, until it would take its first event."""
    plain, functions = stock(PROGRAMS), {name: environment(name) for name in FUNCTIONS}
    ways = {"plain": lambda: run("import plain", plain)}
    ways |= {name: lambda env=env: run("import veil.entry", env) for name, env in functions.items()}  # type: ignore[misc]
    seconds = in_turns(ways, turns)
    for name in functions:
        limit = LIMITS.get(name, 0.75)
        yield measured(f"cold start: {name}", PLAIN, seconds[name], seconds["plain"], unit="CPU s", limit=limit)


def first_request(scene: Scene, turns: int) -> Iterator[BenchRow]:
    """The cold start of `generations` through its first request."""
    ours, bare = scene.environment("generations"), scene.environment(None)

    def first(event: Event) -> str:
        return f"(json.loads({json.dumps(event)!r}))"

    ways = {
        "ours": lambda: run(f"import json, ours; ours.handle{first(scene.requests(1)[0])}", ours),
        "bare": lambda: run(f"import json, plain, bare; bare.Calls().generate{first(scene.requests(1)[0])}", bare),
    }
    seconds = in_turns(ways, turns)
    what = f"{PLAIN}; then replicate, upstash-redis and the same calls bare"
    name = "cold start through the first POST /generations"
    yield measured(name, what, seconds["ours"], seconds["bare"], unit="CPU s", limit=0.85)


def import_times(turns: int) -> Iterator[BenchRow]:
    """Each package's share of the import time; a start that takes longer as a whole is the cold starts' affair."""
    _import()  # warms
    runs = [_import() for _ in range(turns)]
    totals = [run.total() for run in runs]
    for package, share in SHARES.items():
        ours = [run[package] for run in runs]
        if not all(ours):
            raise RuntimeError(f"{IMPORTING} does not import {package}")
        what = f"all that {IMPORTING} imports"
        yield measured(f"import time: {package}", what, ours, totals, unit="µs", limit=share)


def _import() -> Counter[str]:
    """The microseconds that a fresh process takes for the modules of each package, each without what it imports."""
    start = "import gc; gc.disable(); import handler"  # veil.entry would get the handler's own time
    command = [PYTHON, "-S", "-X", "importtime", "-c", start]
    run = subprocess.run(command, env=environment(IMPORTING), capture_output=True, text=True, check=True)
    taken: Counter[str] = Counter()
    for microseconds, package in IMPORT.findall(run.stderr):
        taken[package] += int(microseconds)
    return taken
