"""Many users at once: locust in a process of its own, since it patches the whole process that it runs in."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from uuid import uuid4

import httpx

from local.cloud.running import RunningCloud
from local.processes import ROOT, Child, LocalError, clean_environment
from local.progress import Progress
from proofs.load.tally import Sample, Tally

SCENARIO = ROOT / "proofs" / "load" / "scenario.py"
LOOK_SECONDS = 1.0
TELL_SECONDS = 10.0
LONGEST_SECONDS = 3600.0  # as long as a token is good
TOKEN_SECONDS = 35


@dataclass(frozen=True)
class Crowd:
    """``users`` users who come one after another, in ``ramp`` seconds, to a cloud whose files are in ``state``."""

    running: RunningCloud
    users: int
    ramp: float
    state: Path

    def visit(self, progress: Progress) -> Tally:
        """Let everybody do what they came for; raises `LocalError` when that could not even be tried."""
        record = self.state / f"load-{self.users}.jsonl"
        record.unlink(missing_ok=True)
        tally = Tally(self.users)
        with self._tokens() as tokens, self._locust(tokens, record) as locust:
            steps, told, end = reading(record), monotonic(), monotonic() + LONGEST_SECONDS
            while locust.alive and monotonic() < end:
                Event().wait(LOOK_SECONDS)
                tally.samples += next(steps)
                if monotonic() > told + TELL_SECONDS:
                    told = monotonic()
                    progress.say(f"  {_so_far(tally)}")
            if locust.alive:
                raise LocalError(f"after {LONGEST_SECONDS:.0f} s the users are not done: {_so_far(tally)}")
            locust.wait(LOOK_SECONDS)  # it has ended: in order?
            tally.samples += next(steps)
        return tally

    def _locust(self, tokens: Path, record: Path) -> Child:
        """Its errors are in the record: they don't make the process fail."""
        command = [
            sys.executable, "-m", "locust", "-f", SCENARIO, "--headless", "--only-summary", "--loglevel", "WARNING",
            "--exit-code-on-error", 0, "--host", self.running.api_url, "--users", self.users,
            "--spawn-rate", self.users / self.ramp, "--tokens", tokens, "--record", record,
        ]  # fmt: skip
        log = self.state / "logs" / f"load-{self.users}.log"
        return Child("the users", command, env=clean_environment(), log=log)

    @contextmanager
    def _tokens(self) -> Iterator[Path]:
        """A file with a token for each user, all of whom nobody has seen before, for as long as the block runs."""
        file = self.state / "tokens"
        with httpx.Client(trust_env=False, timeout=TOKEN_SECONDS) as issuer:
            crowd = uuid4().hex[:8]
            tokens = [self._token(issuer, f"load-{crowd}-{number}") for number in range(self.users)]
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writing:
                writing.write("\n".join(tokens))
            yield file
        finally:
            file.unlink(missing_ok=True)

    def _token(self, issuer: httpx.Client, user: str) -> str:
        answer = issuer.post(self.running.token_url, json={"sub": user})
        if not answer.is_success:
            raise LocalError(f"no token for a user: {answer.status_code} {answer.text[:200]}")
        return str(answer.json()["access_token"])


def reading(record: Path) -> Iterator[list[Sample]]:
    """At each step, what has been written since the last; half a line waits for its other half."""
    rest, offset = "", 0
    while True:
        if record.exists():
            with record.open() as file:
                file.seek(offset)
                *lines, rest = (rest + file.read()).split("\n")
                offset = file.tell()
            yield [Sample.model_validate_json(line) for line in lines]
        else:
            yield []


def _so_far(tally: Tally) -> str:
    return (
        f"{tally.visits} of {tally.users} users are done; {tally.requests} requests, {tally.generations} generations, "
        f"{tally.met.total()} errors, {tally.rate_limited} × 429"
    )
