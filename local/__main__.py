"""``python -m local COMMAND``: Veil on this machine."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from threading import Event
from typing import Any

from local.cloud.options import Options
from local.cloud.running import STATE, RunningCloud
from local.cloud.up import start
from local.commands import run
from local.demo import DEMO_STATE, PHOTO, demo
from local.progress import Progress
from operations.commands import add_operations

DEFAULT_PORT = 8787
WATCH_SECONDS = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    return run(_parser(), arguments)


def _up(parsed: argparse.Namespace) -> None:
    names = {field.name for field in fields(Options)}
    options = Options(**{name: value for name, value in vars(parsed).items() if name in names and value is not None})
    progress = Progress()
    with ExitStack() as stack:
        running, children = start(options, stack, progress)
        progress.say(f"The API answers at {running.api_url}; all else is in {options.state / 'cloud.json'}.")
        progress.say("Ctrl-C stops it.")
        while all(child.alive for child in children):
            Event().wait(WATCH_SECONDS)
        raise next(child for child in children if not child.alive).failure("a part of the local cloud ended")


def _demo(parsed: argparse.Namespace) -> None:
    demo(parsed.photo, Path("out"), Options(state=DEMO_STATE), Progress())


class _Setting(argparse.Action):
    """Collects NAME=VALUE into a dictionary."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        name, equals, value = str(values).partition("=")
        if not (name and equals):
            raise argparse.ArgumentError(self, f"{values!r} is not NAME=VALUE")
        setattr(namespace, self.dest, {**getattr(namespace, self.dest), name: value})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description="Veil on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="boot the local cloud, keep it until Ctrl-C")
    up.set_defaults(run=_up, endless=True)
    _add_state(up)
    up.add_argument("--port", type=int, default=DEFAULT_PORT, help="port of the API (default: %(default)s)")
    for name, what in {
        "--replicate-url": "Replicate's API instead of the stand-in",
        "--replicate-token": "token for it",
        "--replicate-webhook-secret": "key that it signs webhooks with (whsec_…)",
        "--azure-face-url": "Azure AI Face endpoint instead of the stand-in",
        "--azure-face-key": "key for it",
        "--upstash-url": "Upstash REST URL instead of the stand-in",
        "--upstash-token": "token for it",
    }.items():
        up.add_argument(name, help=what)
    up.add_argument(
        "--set", action=_Setting, dest="settings", default={}, metavar="NAME=VALUE", help="override a setting"
    )

    shown = commands.add_parser("demo", help="do the main job once: a photo in, four portraits out")
    shown.set_defaults(run=_demo)
    shown.add_argument("--photo", type=Path, default=PHOTO, help="the photo (default: the one that ships)")

    add_operations(commands, _add_state, lambda parsed: RunningCloud.read(parsed.state).stage)
    return parser


def _add_state(command: argparse.ArgumentParser) -> None:
    where = "folder of its files, one for each cloud (default: %(default)s)"
    command.add_argument("--state", type=_absolute, default=STATE, help=where)


def _absolute(path: str) -> Path:
    """The cloud's processes run in folders of their own."""
    return Path(path).resolve()


if __name__ == "__main__":
    sys.exit(main())
