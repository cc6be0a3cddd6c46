"""The process that a world takes place in: its environment, its clocks and its randomness, which are put back after."""

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
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.weather import Weather
from proofs.chaos.simulation.world import START, World
from veil.adapters.aws.s3 import presigner
from veil.adapters.dynamodb import table
from veil.adapters.photos.pillow import PillowReader
from veil.bootstrap import Bootstrap
from veil.bootstrap.check import CheckBootstrap
from veil.domain.ports import PhotoReader


@contextmanager
def world(seed: str, weather: Callable[[Random, Score], Weather]) -> Iterator[World]:
    """A world of this seed and weather, while the block runs."""
    drawn, score = Random(seed), Score()  # noqa: S311 - a simulation's
    noise = Random(f"{seed} noise")  # noqa: S311 - for ids, which are as many as the code likes
    log = io.StringIO()
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, environment(MAX_OUTPUT_BYTES="65536")))
        traveller = stack.enter_context(time_machine.travel(START, tick=False))
        stack.enter_context(patch.object(os, "urandom", noise.randbytes))
        stack.enter_context(contextlib.redirect_stdout(log))
        scheduler = stack.enter_context(Scheduler(START, traveller.move_to))
        made = World(scheduler, drawn, weather(drawn, score), score)
        stack.enter_context(replaced(made.exchange, made.sleep))
        stack.enter_context(_functions_in(made, noise, log))
        yield made
        made.watch.logged(log.getvalue())


def _unconfined(check: CheckBootstrap) -> PhotoReader:
    return PillowReader(check.settings.max_pixels, check.settings.min_side_pixels)


@contextmanager
def _functions_in(made: World, noise: Random, log: io.StringIO) -> Iterator[None]:
    """What of the functions is not theirs to decide here: threads and processes, jitter, where their log goes."""

    from veil.observability import logger, metrics  # noqa: PLC0415 - they read the environment, which is new in here

    def one_after_the_other(calls: Any) -> None:
        waiting, errors = list(calls), []
        made.random.shuffle(waiting)
        for call in waiting:
            try:
                call()
            except Exception as error:  # noqa: BLE001 - raised once all have ended, as from threads
                errors.append(error)
        if errors:
            raise errors[0]

    with ExitStack() as stack:
        stack.enter_context(patch.object(Bootstrap, "in_parallel", staticmethod(one_after_the_other)))
        stack.enter_context(patch.object(Bootstrap, "presigner", staticmethod(cache(presigner))))
        stack.enter_context(patch.object(CheckBootstrap, "reader", _unconfined))
        stack.enter_context(patch.object(table, "_jitter", noise))
        stack.callback(random.setstate, random.getstate())  # what botocore draws its waits from
        random.seed(noise.random())
        stack.enter_context(patch.object(ulid.default_generator, "policy", type(ulid.default_generator.policy)()))
        for dimensions in (metrics.provider.dimension_set, metrics.provider.default_dimensions):
            stack.enter_context(patch.dict(dimensions, clear=True))
        before = logger.registered_handler.setStream(log)  # type: ignore[attr-defined]
        stack.callback(logger.registered_handler.setStream, before)  # type: ignore[attr-defined]
        yield
