"""A whole world: the functions, the services, and the network between them with its faults and crashes."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any

from local.simulated.dynamodb import DynamoDb
from local.simulated.environment import ERASER_QUEUE_URL, POLL_QUEUE_URL, SIGNING_SECRET
from local.simulated.functions import TIMEOUTS, Context, Warm
from local.simulated.s3 import S3, Answer
from local.simulated.wire import Sent, answered
from proofs.chaos.simulation.call_faults import fault_of, name_of
from proofs.chaos.simulation.comfy import AUTHORIZATION, SimulatedComfy
from proofs.chaos.simulation.comfy import HOST as COMFY_HOST
from proofs.chaos.simulation.leaving_watch import LeavingWatch
from proofs.chaos.simulation.likeness_watch import LikenessWatch
from proofs.chaos.simulation.money_services import Kms, MoneyQueue
from proofs.chaos.simulation.poll_queue import PollQueue
from proofs.chaos.simulation.process import CURRENT, CrashPoint, Process, ProcessEnded, Side
from proofs.chaos.simulation.rekognition import Rekognition
from proofs.chaos.simulation.replicate import OTHER_HOST, OUTPUT_HOST, Replicate
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.services import Azure, Edge, Queue, Upstash, secret_value
from proofs.chaos.simulation.toss import SimulatedToss
from proofs.chaos.simulation.toss_webhooks import TossWebhooks
from proofs.chaos.simulation.watch import Watch
from proofs.chaos.simulation.weather import Weather

WELCOME = 8  # credits: two generations
START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
LATE_SECONDS = (5, 120)  # until a call that its client gave up has its effect


class SimulatedWorld:
    """Made by `environment.new_world`. ``crash``: one more place where a process ends, beside those that are drawn."""

    def __init__(self, scheduler: Scheduler, random: Random, weather: Weather, score: Score) -> None:
        self.start = scheduler.now
        self.scheduler, self.random, self.weather, self.score = scheduler, random, weather, score
        self.crash: CrashPoint | None = None
        self.invocations: list[Process] = []
        self.living = 0  # people who have not left yet
        self.last_left = self.start
        self.warm = Warm()
        self.watch = Watch(score, LikenessWatch(self), LeavingWatch(self))
        self.dynamodb = DynamoDb(self.now, self._index_lag, self._page_items, self.watch)
        self.queue = Queue(scheduler, random, score, self.invoke)
        self.s3 = S3(self.now, self.queue.landed, lambda _: weather.strikes("s3"))
        self.replicate = Replicate(scheduler, random, weather, score, SIGNING_SECRET)
        self.rekognition = Rekognition(score, self.replicate.shown, self.s3.objects)
        self.toss_webhooks = TossWebhooks(scheduler, random, weather, score, self.watch.money)
        self.toss = SimulatedToss(scheduler, random, weather, score, self.toss_webhooks)
        self.money_queue = MoneyQueue(scheduler, random, weather, score, self.deliver)
        self.eraser_queue = MoneyQueue(scheduler, random, weather, score, self.deliver, function="eraser")
        self.poll_queue = PollQueue(scheduler, random, weather, score, self.deliver)
        self.comfy = SimulatedComfy(self, random)
        self.edge = Edge()
        self._services: dict[str, tuple[str, Callable[[Sent], Answer]]] = {  # by host: the kind of its calls, and it
            "api.replicate.com": ("ask", self.replicate.api),
            COMFY_HOST: ("comfy", self.comfy),
            OUTPUT_HOST: ("output", self.replicate.output),
            OTHER_HOST: ("output", self.replicate.output),
            "upstash.test": ("redis", Upstash(self.now)),
            "azure-face.test": ("azure", Azure(random)),
            "dynamodb": ("dynamodb", partial(answered, self.dynamodb)),
            "s3": ("s3", lambda sent: self.s3(sent.method, sent.url, sent.headers, sent.body)),
            "secretsmanager": ("secretsmanager", secret_value),
            "cloudfront": ("cloudfront", self.edge),
            "sqs": ("sqs", self._sqs),
            "kms": ("kms", Kms(score)),
            "rekognition": ("rekognition", self._compare),
            "toss.test": ("toss", self.toss.api),
        }

    def now(self) -> float:
        return self.scheduler.now

    def _index_lag(self) -> float:
        return self.random.choice((0.0, 0.05, 2.0)) if self.weather.rates else 0.0

    def _page_items(self) -> int:
        """Pages end early in bad weather, but not for the audit, which runs outside of the functions."""
        return self.random.randint(1, 3) if CURRENT.get() and self.weather.strikes("dynamodb") else 1000

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """What the function answers; None where its process ended before."""
        return self._invoke(function, event)[1]

    def deliver(self, function: str, event: dict[str, Any]) -> bool:
        """Whether the function came to its end without an error."""
        process, answer = self._invoke(function, event)
        return not process.dead and not isinstance(answer, Exception)

    def _invoke(self, function: str, event: dict[str, Any]) -> tuple[Process, Any]:
        warm = self.warm
        module = warm.take(function)
        process = self._process(function)
        context = Context(lambda: 1000 * (process.ends_at - self.now()))
        answer = self._run(process, lambda: module.handler(event, context))
        if not process.dead:
            warm.give_back(function, module)  # to those of its own version
        return process, answer

    def deploy(self, **settings: str) -> None:
        """A deployment changes settings: what runs ends as it began, whatever comes next begins anew."""
        os.environ.update(settings)
        self.warm = Warm()

    def run(self, who: str, work: Callable[[], Any]) -> Any:
        """What ``work`` answers or raises, done by a process of its own; None where that ended before."""
        return self._run(self._process(who), work)

    def _sqs(self, sent: Sent) -> Answer:
        of_photos = sent.operation == "ChangeMessageVisibility"
        if of_photos:
            return self.queue.change_visibility(sent)
        to = sent.json["QueueUrl"]
        if to == POLL_QUEUE_URL:
            return self.poll_queue.send(sent)
        return (self.eraser_queue if to == ERASER_QUEUE_URL else self.money_queue).send(sent)

    def _compare(self, sent: Sent) -> Answer:
        self.watch.likeness.asked(sent.json)
        return answered(self.rekognition, sent)

    def _process(self, function: str) -> Process:
        ends_at = self.now() + TIMEOUTS.get(function, 29)
        self.invocations.append(Process(function, len(self.invocations), self.now(), ends_at, self.weather.doom()))
        return self.invocations[-1]

    def _run(self, process: Process, work: Callable[[], Any]) -> Any:
        """What ``work`` answers or raises; None where its process ended before."""
        token = CURRENT.set(process)
        try:
            return work()
        except ProcessEnded:
            self.score.event("died", process.function)
            return None
        except Exception as error:  # noqa: BLE001 - Lambda takes whatever a handler raises
            self.watch.raised(process.function, error)
            return error
        finally:
            CURRENT.reset(token)

    def exchange(self, sent: Sent) -> Answer:
        """One call to a service: it takes its time and may fail, and the process may end before it or after it."""
        process, (kind, effect) = CURRENT.get(), self._services[sent.service]
        if sent.service != COMFY_HOST and sent.headers.get("authorization") == AUTHORIZATION:
            self.score.violation(f"{sent.service} was shown comfy's token")
        if process is None:
            return effect(sent)
        call, name = len(process.calls), name_of(kind, sent)
        process.calls.append(name)
        self.sleep(self._latency())
        dies = self._dies(process, call, name)
        if dies is Side.BEFORE:
            process.die()
        fault = fault_of(kind, sent, self.weather)
        if fault and kind == "rekognition":
            self.rekognition.fails(sent)
        answer = effect(sent) if fault is None or fault.happens else None
        if fault and fault.late:
            self.scheduler.after(self.random.uniform(*LATE_SECONDS), lambda: effect(sent))
        self.score.event(name, process.function, round(self.now(), 4), fault and fault.name)
        if dies is Side.AFTER:
            process.die()
        if fault is None:
            assert answer is not None  # noqa: S101 - it had its effect
            return answer
        self.sleep(fault.seconds)
        return fault.answer(sent)

    def _latency(self) -> float:
        """Seconds until a call has its effect; a slow one lets everybody else go first."""
        slow = self.weather.draw("slow", ["call"])
        return self.random.uniform(0.5, 20) if slow else self.random.uniform(0.001, 0.03)

    def _dies(self, process: Process, call: int, name: str) -> Side | None:
        if process.dead:
            raise ProcessEnded
        side = None
        if self.crash and (self.crash.invocation, self.crash.call) == (process.invocation, call):
            side = self.crash.side
        elif call == process.doomed:
            side = self.random.choice(tuple(Side))
        if side:
            self.score.injected[f"process ended {side} a call"] += 1
        self.score.calls[f"{process.function}: {name}"] += 1
        return side

    def sleep(self, seconds: float) -> None:
        """Time passes for the process that calls; Lambda ends one that takes too long."""
        process = CURRENT.get()
        self.scheduler.pause(seconds)
        if process and (process.dead or self.now() > process.ends_at):
            if not process.dead:
                self.score.injected["process ended by its timeout"] += 1
            process.die()
