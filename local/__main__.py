"""``python -m local COMMAND``: what a developer does by hand."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

from rich.console import Console

from local.audit import audit_of, audit_of_stage, run
from local.bench import command as bench
from local.chaos.command import add_arguments, chaos
from local.chaos_live import command as chaos_live
from local.cloud import REGION
from local.cost import command as cost
from local.demo import DEMO_STATE, PHOTO, demo
from local.grant import grant
from local.load import command as load
from local.options import Options
from local.processes import LocalError
from local.progress import Progress
from local.running import STATE, RunningCloud
from local.up import start
from veil.api.openapi import FILE as OPENAPI

DEFAULT_PORT = 8787
WATCH_SECONDS = 0.5


class _Stopped(BaseException):
    """A signal asked to stop; carries its number."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    parsed = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], bool | None] = parsed.run
    try:
        with _stopping_on_signals():
            if command(parsed) is False:
                return 1
    except _Stopped as stopped:
        if command is not _up:
            return 128 + int(stopped.args[0])
        print("stopped")
    except LocalError as error:
        print(f"local: {error}", file=sys.stderr)
        return 1
    return 0


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


def _grant(parsed: argparse.Namespace) -> None:
    available = grant(RunningCloud.read(parsed.state), parsed.user, parsed.credits)
    print(f"{parsed.user} has {available} credits")


def _audit(parsed: argparse.Namespace) -> bool:
    of = audit_of_stage(parsed.stage, parsed.region) if parsed.stage else audit_of(RunningCloud.read(parsed.state))
    return run(of, parsed.json, Console(highlight=False))


def _openapi(parsed: argparse.Namespace) -> None:
    from local.openapi import write  # noqa: PLC0415 - the functions' libraries, which the other commands never need

    write(parsed.out)


@contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into an exception, so that every block is left in order."""

    def stop(number: int, _: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)  # cleaning up must not be interrupted
        raise _Stopped(number)

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, stop) for each in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
    up.set_defaults(run=_up)
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

    granted = commands.add_parser("grant", help="add credits to a user's account")
    granted.set_defaults(run=_grant)
    _add_state(granted)
    granted.add_argument("user", help="the user: the access token's sub")
    granted.add_argument("credits", type=int, help="how many")

    audited = commands.add_parser("audit", help="account for every credit, generation and photo; 1 on any finding")
    audited.set_defaults(run=_audit)
    _add_state(audited)
    audited.add_argument("--stage", help="audit this stage of your AWS account instead of the local cloud")
    audited.add_argument("--region", default=REGION, help="the stage's region (default: %(default)s)")
    audited.add_argument("--json", type=Path, metavar="FILE", help="also write the report to a file")

    simulated = commands.add_parser("chaos", help="simulate everything going wrong; 1 on any violation")
    simulated.set_defaults(run=chaos)
    add_arguments(simulated)

    document = commands.add_parser("openapi", help="write the API's OpenAPI document from the code")
    document.set_defaults(run=_openapi)
    document.add_argument("--out", type=Path, default=OPENAPI, help="where (default: where it is served from)")

    bench.add_to(commands)
    chaos_live.add_to(commands)
    cost.add_to(commands)
    load.add_to(commands)
    return parser


def _add_state(command: argparse.ArgumentParser) -> None:
    where = "folder of its files, one for each cloud (default: %(default)s)"
    command.add_argument("--state", type=_whole, default=STATE, help=where)


def _whole(path: str) -> Path:
    """From the root: the cloud's processes run in folders of their own."""
    return Path(path).resolve()


if __name__ == "__main__":
    sys.exit(main())
