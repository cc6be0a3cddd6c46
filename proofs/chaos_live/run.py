"""One run: boot, break, let everybody work, repair, let it settle, and prove that nothing was lost."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

import httpx
from botocore.exceptions import BotoCoreError, ClientError
from PIL import Image

from local.cloud.options import Options
from local.cloud.running import STATE, RunningCloud
from local.demo import PHOTO
from local.photos.make import encode
from operations.progress import Progress
from proofs.chaos_live.client import GATEWAY, LiveClient
from proofs.chaos_live.fault_plan import SERVICES, ProviderPlan, aws_faults, rules
from proofs.chaos_live.killer import Killer
from proofs.chaos_live.report import LiveReport
from proofs.chaos_live.review import review
from proofs.chaos_live.threads import in_a_loop, repeating
from proofs.chaos_live.user import LiveUser
from proofs.photos import Photo, bad_photos
from proofs.stack import Stack, deployed, in_words

WELCOME = 8  # credits: two generations
SETTINGS = {  # an hour of Replicate's in four minutes
    "WELCOME_CREDITS": str(WELCOME),
    "WELCOME_BUDGET_CREDITS_PER_DAY": "1000000",
    "RATE_LIMIT_MAX": "1000",
    "UPLOAD_RATE_LIMIT_MAX": "1000",
    "DUE_SECONDS": "15,30,45,60,90,120,180,240",
    "PREDICTION_TIMEOUT_SECONDS": "30",
}
VISIBILITY_SECONDS = 30  # instead of 6 minutes: then a photo whose check was killed is checked again
SWEEP_SECONDS = 3.0
PROGRESS_SECONDS = 15.0
CALLS_PER_USER = 60  # of each kind to the stand-ins, at the most: two generations of four images, three tries each
REQUEST_SECONDS = 65


@dataclass(frozen=True)
class LivePlan:
    """``share`` of the calls to AWS fail; a kill about every ``kill_every`` seconds, 0: none."""

    users: int
    seed: int
    share: float = 0.2
    kill_every: float = 3.0
    state: Path = STATE / "chaos"

    def random(self, part: object) -> Random:
        """The random numbers of one part of the run."""
        return Random(f"{self.seed}/{part}")  # noqa: S311 - to be the same again, not secret


def chaos_live(plan: LivePlan, progress: Progress) -> LiveReport:
    """Do it, on a cloud of its own; raises `LocalError` when the cloud itself can't be had."""
    progress.say(f"seed {plan.seed}, {plan.users} users, {plan.share:.0%} of the calls to AWS fail")
    with deployed(Options(state=plan.state, settings=SETTINGS, detour=SERVICES), progress) as stack:
        run = _Run(plan, stack, progress)
        run.work()
        run.settle()
        run.prove()
    run.report.seconds["in all"] = round(progress.seconds, 1)
    return run.report


class _Run:
    """The steps of one run on a stack that runs."""

    def __init__(self, plan: LivePlan, stack: Stack, progress: Progress) -> None:
        self._plan, self._stack, self._progress = plan, stack, progress
        self.report = LiveReport(plan.seed, plan.users)
        self._counts, self._violations = self.report.counts, self.report.violations
        self._faults = aws_faults(plan.share)
        self._providers = ProviderPlan(plan.random("providers"), plan.users * CALLS_PER_USER)
        self._sweeps = (self._sweep, lambda: SWEEP_SECONDS)
        self._users: list[LiveUser] = []

    def work(self) -> None:
        """Everybody at once, while everything fails."""
        _shorten_visibility(self._stack.running)
        random, every = self._plan.random("kills"), self._plan.kill_every
        killer = Killer(self._plan.state, random, self.report)
        kills = [(killer.kill, lambda: random.expovariate(1 / every))] if every else []
        with self._timed("everybody at work"), repeating(self._sweeps, *kills):
            self._stack.detour("POST", "/_microburst/rules", rules(self._faults))
            self._stack.providers("POST", self._providers.control())
            in_a_loop(self._visits())
            self._repair()

    def settle(self) -> None:
        """Nothing fails any more: within ten minutes everything has to end."""
        with self._timed("everything comes to its end"), repeating(self._sweeps):
            self._violations.extend(f"never ended: {each}" for each in self._stack.settle())

    def prove(self) -> None:
        """The audit; what every user sees against the user's books; what the gateway answered against the kills."""
        with self._timed("the audit, and the books of every user"):
            found = in_words(self._stack.audit())
            in_a_loop(self._reviews())
        self._violations.extend(self._never_injected())
        self._violations.extend(f"audit: {each}" for each in found)
        kills = self._counts["killed"].total()
        broken = sum(count for answer, count in self._counts["answers"].items() if answer.endswith(GATEWAY))
        if broken > kills:
            self._violations.append(f"{broken} requests broke, and only {kills} functions were killed")

    def _never_injected(self) -> Iterator[str]:
        """Whatever was planned and never happened: such a run would prove nothing."""
        for fault in [*(f"{service}: answer lost" for service in SERVICES), "replicate.webhooks: dropped"]:
            if self._plan.share and not self._counts["injected"][fault]:
                yield f"nobody met this fault: {fault}"
        if self._plan.kill_every and not self._counts["killed"]:
            yield "no function was killed"

    async def _visits(self) -> None:
        good = PHOTO.read_bytes()
        no_face = Photo(encode(Image.new("RGB", (512, 512), (120, 140, 160)), "JPEG"), "image/jpeg", "no_face")
        photos = [Photo(good, "image/jpeg"), no_face, *bad_photos(good)]
        async with _http() as http:
            for number in range(self._plan.users):
                user = f"chaos-{self._plan.seed}-{number}"
                client = await LiveClient.signed_in(http, self._stack.running, user, self.report)
                self._users.append(LiveUser(client, self._plan.random(number), photos))
            visits = [asyncio.ensure_future(user.visit()) for user in self._users]
            while not all(visit.done() for visit in visits):
                await asyncio.wait(visits, timeout=PROGRESS_SECONDS)
                self._say(sum(visit.done() for visit in visits))
            await asyncio.gather(*visits)

    async def _reviews(self) -> None:
        async with _http() as http:
            for user in self._users:
                client = await LiveClient.signed_in(http, self._stack.running, user.books.user, self.report)
                await review(client, user.books, WELCOME, self.report)

    def _say(self, done: int) -> None:
        answers, retries, kills, sweeps = (
            self._counts[name].total() for name in ("answers", "retries", "killed", "sweeps")
        )
        self._progress.say(
            f"  {done} of {self._plan.users} users are done; {answers} answers, {retries} tries again, {kills} kills, "
            f"{sweeps} sweeps"
        )

    def _repair(self) -> None:
        """No more faults; count those that were met."""
        stats = self._stack.detour("GET", "/_microburst/stats")
        self._counts["aws_calls"].update({each["service"]: each["requests"] for each in stats["by_service"]})
        met = self._stack.detour("GET", "/_microburst/rules")
        for fault, rule in zip(self._faults, met, strict=True):
            self._counts["injected"][f"{fault.service}: {fault.name}"] = rule["fired_count"]
        self._stack.detour("POST", "/_microburst/rules", [])
        self._counts["injected"].update(self._providers.met(self._stack.providers("GET")))
        self._stack.providers("DELETE")

    def _sweep(self) -> None:
        try:
            ended = "done" if self._stack.sweep() else "failed"
        except (BotoCoreError, ClientError) as error:
            ended = type(error).__name__
        self._counts["sweeps"][ended] += 1

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        started = monotonic()
        with self._progress.step(name):
            yield
        self.report.seconds[name] = round(monotonic() - started, 1)


def _http() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, timeout=REQUEST_SECONDS, limits=httpx.Limits(max_connections=None))


def _shorten_visibility(running: RunningCloud) -> None:
    check = running.client("lambda").get_function_configuration(FunctionName=running.functions["check"])
    queue = check["Environment"]["Variables"]["QUEUE_URL"]
    seconds = {"VisibilityTimeout": str(VISIBILITY_SECONDS)}
    running.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes=seconds)
