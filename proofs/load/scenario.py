"""Users of the API at work, as a locustfile; it ends with the last one's visit.

`make load` runs it against the local cloud. Against a stage of your own it wants a file of access tokens, one a line,
each of another user with four credits or more; nobody buys there, since nobody is there to pay in Toss's window:

    locust -f proofs/load/scenario.py --headless --host https://….amazonaws.com --users 50 --spawn-rate 5 --tokens FILE
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from time import time
from typing import Any, TextIO

import gevent
from locust import events
from locust.env import Environment
from locust.runners import STATE_RUNNING, LocalRunner

from proofs.load.user import LoadUser

__all__ = ["LoadUser"]

PHOTO = Path("local/photos/eileen-collins.jpg")
WATCH_SECONDS = 0.2


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--tokens", type=Path, required=True, help="file of access tokens, one a line, one a user")
    parser.add_argument(
        "--photo", type=Path, default=PHOTO, help="the JPEG that everybody sends (default: %(default)s)"
    )
    parser.add_argument("--window", metavar="URL", help="where Toss's stand-in is told who paid (default: nobody buys)")
    parser.add_argument("--record", type=Path, help="file that gets a line of JSON for each request")


def prepare(environment: Environment, **_: object) -> None:
    """Give everybody a token and the photo."""
    options: Any = environment.parsed_options
    tokens = options.tokens.read_text().split()
    if len(tokens) < (options.num_users or 1):
        sys.exit(f"{options.tokens} has {len(tokens)} tokens, for {options.num_users} users")
    LoadUser.tokens, LoadUser.photo = iter(enumerate(tokens)), options.photo.read_bytes()
    LoadUser.window = options.window
    if options.record:
        record_into(options.record.open("w", buffering=1), environment)


def record_into(file: TextIO, environment: Environment) -> None:
    """Write a line for each request as it ends, for `proofs.load.tally.Sample`."""

    def record(request_type: str, name: str, response_time: float, exception: Exception | None, **_: object) -> None:
        error = exception and str(exception)
        sample = {"at": time(), "route": f"{request_type} {name}", "ms": response_time, "error": error}
        file.write(json.dumps(sample) + "\n")

    environment.events.request.add_listener(record)


def end_with_the_last_visit(environment: Environment, **_: object) -> None:
    """Locust itself would go on until it is stopped."""

    def watch(runner: LocalRunner) -> None:
        while runner.state != STATE_RUNNING or LoadUser.ended < runner.target_user_count:
            gevent.sleep(WATCH_SECONDS)
        runner.quit()

    if isinstance(environment.runner, LocalRunner):
        gevent.spawn(watch, environment.runner)


events.init_command_line_parser.add_listener(add_arguments)
events.init.add_listener(prepare)
events.test_start.add_listener(end_with_the_last_visit)
