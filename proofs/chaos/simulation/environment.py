"""The process that a world runs in: its environment, its clocks and its random numbers, which are put back after it."""

import contextlib
import io
import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from random import Random
from typing import Any
from unittest.mock import patch

import time_machine
import ulid

from local.simulated.environment import environment
from local.simulated.wire import replaced
from proofs.chaos.simulation import comfy
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.toss import BILLING, PAYMENTS
from proofs.chaos.simulation.weather import Weather
from proofs.chaos.simulation.world import START, WELCOME, SimulatedWorld
from veil.adapters.aws import secrets
from veil.adapters.aws.s3 import presigner
from veil.adapters.dynamodb import table
from veil.adapters.photos.pillow import PillowReader
from veil.domain.uploads import MAX_PIXELS, MIN_SIDE_PIXELS

CHOSEN = {
    "WELCOME_CREDITS": str(WELCOME),
    "WELCOME_BUDGET_CREDITS_PER_DAY": str(100 * WELCOME),  # some worlds have more newcomers in a day
    "MAX_OUTPUT_BYTES": "65536",
    "COMFY_URL": f"https://{comfy.HOST}",
    "TOSS_MERCHANT": PAYMENTS.mid,
    "TOSS_BILLING_MERCHANT": BILLING.mid,
}


@contextmanager
def new_world(seed: str, weather: Callable[[Random, Score], Weather], start: float = START) -> Iterator[SimulatedWorld]:
    """A world of this seed and weather, while the block runs; it begins at ``start``."""
    drawn, score = Random(seed), Score()  # noqa: S311 - a simulation's
    noise = Random(f"{seed} noise")  # noqa: S311 - for ids: however many the code draws, the rest stays the same
    log = io.StringIO()
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, environment(**CHOSEN)))
        traveller = stack.enter_context(time_machine.travel(start, tick=False))
        stack.enter_context(patch.object(os, "urandom", noise.randbytes))
        stack.enter_context(contextlib.redirect_stdout(log))
        scheduler = stack.enter_context(Scheduler(start, traveller.move_to))
        world = SimulatedWorld(scheduler, drawn, weather(drawn, score), score)
        stack.enter_context(replaced(world.exchange, world.sleep))
        stack.enter_context(_functions_in(world, noise, log))
        yield world
        world.watch.logged(log.getvalue())


@contextmanager
def _functions_in(world: SimulatedWorld, noise: Random, log: io.StringIO) -> Iterator[None]:
    """Replace what the functions must not decide here: threads and processes, jitter, where they log."""
    # These read the environment when they are imported, which is new in here.
    from veil.adapters import user_hash  # noqa: PLC0415
    from veil.bootstrap import Bootstrap  # noqa: PLC0415
    from veil.bootstrap.check import CheckBootstrap  # noqa: PLC0415
    from veil.observability import logger, metrics, users  # noqa: PLC0415

    def reader(check: CheckBootstrap) -> PillowReader:
        return PillowReader(MAX_PIXELS, MIN_SIDE_PIXELS)

    def one_after_another(calls: Any) -> None:
        waiting, errors = list(calls), []
        world.random.shuffle(waiting)
        for call in waiting:
            try:
                call()
            except Exception as error:  # noqa: BLE001 - raised once all have ended, as from threads
                errors.append(error)
        if errors:
            raise errors[0]

    with ExitStack() as stack:
        stack.enter_context(patch.object(Bootstrap, "in_parallel", staticmethod(one_after_another)))
        stack.enter_context(patch.object(Bootstrap, "presigner", staticmethod(cache(presigner))))
        stack.enter_context(patch.object(CheckBootstrap, "reader", reader))
        # All processes share one logger here: one would wait for the key that another one is just reading.
        stack.enter_context(patch.object(Bootstrap, "_hash_in_logs", lambda _self, _user: None))
        stack.enter_context(patch.object(users, "hash_of", users.hash_of))
        stack.enter_context(patch.object(table, "_jitter", noise))
        for module in (secrets, user_hash):  # all functions are in one thread here, which would wait for itself
            stack.enter_context(patch.object(module, "Lock", contextlib.nullcontext))
        stack.callback(random.setstate, random.getstate())  # what botocore draws its waits from
        random.seed(noise.random())
        stack.enter_context(patch.object(ulid.default_generator, "policy", type(ulid.default_generator.policy)()))
        for dimensions in (metrics.provider.dimension_set, metrics.provider.default_dimensions):
            stack.enter_context(patch.dict(dimensions, clear=True))
        before = logger.registered_handler.setStream(log)  # type: ignore[attr-defined]
        stack.callback(logger.registered_handler.setStream, before)  # type: ignore[attr-defined]
        yield
