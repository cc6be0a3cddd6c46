"""Cold starts: a fresh process until it is ready, and through its first request."""

import json
from collections.abc import Iterator

from infra.function_table import FUNCTIONS
from proofs.bench.deployed import environment, run, stock
from proofs.bench.row import Row, in_turns, measured
from proofs.bench.scene import Event, Scene
from proofs.bench.worker import PROGRAMS

PLAIN = "a plain Powertools resolver with validation, five pydantic models, boto3's DynamoDB and S3 clients"
LIMITS = {"check": 1.0}


def cold_starts(turns: int) -> Iterator[Row]:
    """Each function as deployed, until it would take its first event."""
    plain, functions = stock(PROGRAMS), {name: environment(name) for name in FUNCTIONS}
    ways = {"plain": lambda: run("import plain", plain)}
    ways |= {name: lambda env=env: run("import veil.entry", env) for name, env in functions.items()}  # type: ignore[misc]
    seconds = in_turns(ways, turns)
    for name in functions:
        limit = LIMITS.get(name, 0.75)
        yield measured(f"cold start: {name}", PLAIN, seconds[name], seconds["plain"], unit="CPU s", limit=limit)


def first_request(scene: Scene, turns: int) -> Iterator[Row]:
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
