"""One run: boot, break, let everybody work, mend, let it settle, and prove that nothing was lost."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import httpx

from local.cloud.options import Options
from local.cloud.running import STATE, RunningCloud
from local.cloud.up import cloud
from local.processes import poll
from local.progress import Progress
from operations.audit.report import audit
from proofs.chaos_live.app import GATEWAY, App
from proofs.chaos_live.beside import in_a_loop, running_beside
from proofs.chaos_live.faults import SERVICES, ProviderPlan, aws_faults, rules
from proofs.chaos_live.killer import Killer
from proofs.chaos_live.photos import Album
from proofs.chaos_live.review import review
from proofs.chaos_live.score import Score
from proofs.chaos_live.sweeps import Sweeps
from proofs.chaos_live.user import Visitor
from proofs.unfinished import unfinished

WELCOME = 8  # credits: two generations
SETTINGS = {  # an hour of Replicate's in four minutes
    "WELCOME_CREDITS": str(WELCOME),
    "RATE_LIMIT_MAX": "1000",
    "UPLOAD_RATE_LIMIT_MAX": "1000",
    "DUE_SECONDS": "15,30,45,60,90,120,180,240",
    "PREDICTION_TIMEOUT_SECONDS": "30",
}
VISIBILITY_SECONDS = 30  # instead of 6 minutes: after them, a photo whose check was killed is checked again
SWEEP_EVERY = 3.0
TELL_EVERY = 15.0
SETTLE_SECONDS = 600
CALLS_PER_USER = 60  # of each kind to the stand-ins, at the most: two generations of four images, three tries each
REQUEST_SECONDS = 65


@dataclass(frozen=True)
class Plan:
    """What can be chosen: ``share`` of AWS's answers go wrong; a kill about every ``kill_every`` seconds, 0: none."""

    users: int
    seed: int
    share: float = 0.2
    kill_every: float = 3.0
    state: Path = STATE / "chaos"


def chaos_live(plan: Plan, progress: Progress) -> Score:
    """Do it, on a cloud of its own; raises `LocalError` when the cloud itself can't be had."""
    options = Options(state=plan.state, settings=SETTINGS, detour=SERVICES)
    score = Score(plan.seed, plan.users)
    progress.say(f"seed {plan.seed}, {plan.users} users, {plan.share:.0%} of the calls to AWS go wrong")
    with cloud(options, progress) as running, _Run(plan, running, score, progress) as run:
        run.work()
        run.settle()
        run.prove()
    score.seconds["in all"] = round(progress.seconds, 1)
    return score


class _Run:
    """The steps of one run on a cloud that runs."""

    def __init__(self, plan: Plan, running: RunningCloud, score: Score, progress: Progress) -> None:
        self._plan, self._running, self._score, self._progress = plan, running, score, progress
        self._random = _dice(plan.seed, "providers")
        self._faults = aws_faults(plan.share)
        self._providers = ProviderPlan(self._random, plan.users * CALLS_PER_USER)
        self._sweeps = Sweeps(running, score)
        self._visitors: list[Visitor] = []

    def __enter__(self) -> "_Run":
        trust = ssl.create_default_context(cafile=self._running.aws.ca_bundle)
        self._control = httpx.Client(verify=trust, trust_env=False, timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        self._control.close()

    def work(self) -> None:
        """Everybody at once, while everything goes wrong."""
        _shorten_visibility(self._running)
        killer = Killer(self._plan.state, _dice(self._plan.seed, "kills"), self._score)
        kills = [(killer.run, self._plan.kill_every)] if self._plan.kill_every else []
        with self._timed("everybody at work"), running_beside((self._sweeps.run, SWEEP_EVERY), *kills):
            self._misbehave()
            in_a_loop(self._visits())
            self._behave()

    def settle(self) -> None:
        """Nothing goes wrong any more: within ten minutes everything has to end."""
        with self._timed("everything comes to its end"), running_beside((self._sweeps.run, SWEEP_EVERY)):
            poll(lambda: not unfinished(self._running), SETTLE_SECONDS, interval=2)
        self._score.violations.extend(f"never ended: {each}" for each in unfinished(self._running))

    def prove(self) -> None:
        """The audit; what every user sees against the user's books; what the gateway answered against the kills."""
        with self._timed("the audit, and the books of every user"):
            found = audit(self._running.stage).findings
            in_a_loop(self._reviews())
        self._score.violations.extend(self._calm())
        self._score.violations.extend(
            f"audit: {each.rule}: {each.user} {each.generation or ''}: {each.detail}" for each in found
        )
        broken = sum(n for answer, n in self._score.answers.items() if answer.endswith(GATEWAY))
        if broken > self._score.killed.total():
            kills = self._score.killed.total()
            self._score.violations.append(f"{broken} requests broke, and only {kills} functions were killed")

    def _calm(self) -> Iterator[str]:
        """Whatever was to go wrong and never did: such a run would prove nothing."""
        for fault in [*(f"{service}: answer lost" for service in SERVICES), "replicate.webhooks: dropped"]:
            if self._plan.share and not self._score.injected[fault]:
                yield f"it was calm: nobody met {fault}"
        if self._plan.kill_every and not self._score.killed:
            yield "it was calm: no function was killed"

    async def _visits(self) -> None:
        album = Album()
        async with self._http() as http:
            for number in range(self._plan.users):
                app = await self._sign_in(http, f"chaos-{self._plan.seed}-{number}")
                self._visitors.append(Visitor(app, _dice(self._plan.seed, number), album))
            visits = [asyncio.ensure_future(visitor.visit()) for visitor in self._visitors]
            while not all(visit.done() for visit in visits):
                await asyncio.wait(visits, timeout=TELL_EVERY)
                self._tell(sum(visit.done() for visit in visits))
            await asyncio.gather(*visits)

    async def _reviews(self) -> None:
        async with self._http() as http:
            for visitor in self._visitors:
                app = await self._sign_in(http, visitor.books.user)
                await review(app, visitor.books, WELCOME, self._score)

    async def _sign_in(self, http: httpx.AsyncClient, user: str) -> App:
        answer = await http.post(self._running.token_url, json={"sub": user})
        token = str(answer.raise_for_status().json()["access_token"])
        return App(http, self._running.api_url, token, user, self._score)

    def _tell(self, left: int) -> None:
        score = self._score
        self._progress.say(
            f"  {left} of {self._plan.users} users are done; {score.answers.total()} answers, "
            f"{score.retries.total()} tries again, {score.killed.total()} kills, {score.sweeps.total()} sweeps"
        )

    def _misbehave(self) -> None:
        self._send("POST", f"{self._running.detour_url}/_microburst/rules", json=rules(self._faults))
        self._send("POST", f"{self._running.providers_url}/_control", json=self._providers.control())

    def _behave(self) -> None:
        """No more faults; count those that were met."""
        stats = self._send("GET", f"{self._running.detour_url}/_microburst/stats")
        self._score.aws_calls.update({each["service"]: each["requests"] for each in stats["by_service"]})
        met = self._send("GET", f"{self._running.detour_url}/_microburst/rules")
        for fault, rule in zip(self._faults, met, strict=True):
            self._score.injected[f"{fault.service}: {fault.name}"] = rule["fired_count"]
        self._send("POST", f"{self._running.detour_url}/_microburst/rules", json=[])
        self._score.injected += self._providers.met(self._send("GET", f"{self._running.providers_url}/_control"))
        self._send("DELETE", f"{self._running.providers_url}/_control")

    def _send(self, method: str, url: str, **request: Any) -> Any:
        return self._control.request(method, url, **request).raise_for_status().json()

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(trust_env=False, timeout=REQUEST_SECONDS, limits=httpx.Limits(max_connections=None))

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        started = monotonic()
        with self._progress.step(name):
            yield
        self._score.seconds[name] = round(monotonic() - started, 1)


def _dice(*seed: object) -> Random:
    return Random("/".join(map(str, seed)))  # noqa: S311 - it has to come out the same again, not to be secret


def _shorten_visibility(running: RunningCloud) -> None:
    check = running.client("lambda").get_function_configuration(FunctionName=running.functions["check"])
    queue = check["Environment"]["Variables"]["QUEUE_URL"]
    seconds = {"VisibilityTimeout": str(VISIBILITY_SECONDS)}
    running.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes=seconds)
