"""Many users at once: locust in a process of its own, since it patches the whole process that it runs in."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from uuid import uuid4

import httpx

from local.cloud.running import RunningCloud
from local.processes import ROOT, Child, LocalError, clean_environment, poll
from operations.progress import Progress
from operations.visit import sign_in
from proofs.load.tally import Sample, Tally

SCENARIO = ROOT / "proofs" / "load" / "scenario.py"
PROGRESS_SECONDS = 10.0
LONGEST_SECONDS = 3600.0  # as long as a token is valid
REQUEST_SECONDS = 35


def visit(running: RunningCloud, users: int, ramp: float, state: Path, progress: Progress) -> Tally:
    """Let ``users`` users come one after another, in ``ramp`` seconds, and do all that they want; ``state``: the folder
    of the cloud's files. Raises `LocalError` when that could not even be tried.
    """
    record, log = state / f"load-{users}.jsonl", state / "logs" / f"load-{users}.log"
    record.write_text("")
    with _tokens(running, users, state / "tokens") as tokens:
        command = [
            sys.executable, "-m", "locust", "-f", SCENARIO, "--headless", "--only-summary", "--loglevel", "WARNING",
            "--exit-code-on-error", 0, "--host", running.api_url, "--users", users, "--spawn-rate", users / ramp,
            "--tokens", tokens, "--record", record, "--window", running.window_url,
        ]  # fmt: skip
        with Child("the users", command, env=clean_environment(), log=log) as locust:
            end = monotonic() + LONGEST_SECONDS
            while not poll(lambda: not locust.alive, PROGRESS_SECONDS, interval=1):
                so_far = _in_words(Tally(users, read(record)))
                progress.say(f"  {so_far}")
                if monotonic() > end:
                    raise LocalError(f"after {LONGEST_SECONDS:.0f} s the users are not done: {so_far}")
            locust.wait(1)  # raises where it failed; the errors that users meet are in the record
    return Tally(users, read(record))


def read(record: Path) -> list[Sample]:
    """The whole lines that have been written so far."""
    return [Sample.model_validate_json(line) for line in record.read_text().split("\n")[:-1]]


@contextmanager
def _tokens(running: RunningCloud, users: int, file: Path) -> Iterator[Path]:
    """A file with a token for each of so many new users, while the block runs."""
    asks = [sign_in(running.token_url, f"load-{uuid4().hex}") for _ in range(users)]
    with httpx.Client(trust_env=False, timeout=REQUEST_SECONDS) as issuer:
        answers = [ask.accept(issuer.request(ask.method, ask.url, json=ask.json)) for ask in asks]
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writing:
            writing.write("\n".join(answer.json()["access_token"] for answer in answers))
        yield file
    finally:
        file.unlink(missing_ok=True)


def _in_words(tally: Tally) -> str:
    return (
        f"{tally.visits} of {tally.users} users are done; {tally.requests} requests, {tally.generations} generations, "
        f"{tally.met.total()} errors, {tally.rate_limited} × 429, {tally.throttled} throttled"
    )
