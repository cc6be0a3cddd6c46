"""``python -m local COMMAND``: Veil on this machine."""

import argparse
import sys
from contextlib import ExitStack
from dataclasses import fields
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from local.arguments import add_models, add_state, port, setting
from local.buy import Purchase, buy
from local.cloud.function_logs import follow
from local.cloud.options import Options
from local.cloud.ports import HOST
from local.cloud.reload import reloading
from local.cloud.running import RunningCloud
from local.cloud.up import start
from local.cloud.web import rebuilding
from local.commands import run
from local.demo import DEMO_STATE, PHOTO, demo
from local.processes import LocalError
from operations.commands import add_operations
from operations.progress import Progress
from operations.publish import Publish
from operations.web import DIST
from veil.domain.styles import Role

DEFAULT_PORT = 8787
WATCH_SECONDS = 0.5
TOSS = {
    "--toss-url": "Toss Payments' API (https://api.tosspayments.com) instead of the stand-in; test keys charge nothing",
    "--toss-client-key": "client key for it (test_ck_…)",
    "--toss-secret-key": "secret key for it (test_sk_…)",
}
COMFY = {
    "--comfy-url": "Comfy's API of a ComfyUI of your own, or of a managed deployment, instead of the stand-in",
    "--comfy-token": "token for it",
}
EXPOSED = """\
Whoever reaches {} can use this API, sign in as anybody, and steer the stand-ins: only in a network that you trust."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    return run(_parser(), arguments)


def _up(parsed: argparse.Namespace) -> None:
    options = Options(**_given(parsed), settings=dict(parsed.set), web=True)
    progress = Progress()
    with ExitStack() as stack:
        running, children = start(options, stack, progress)
        progress.say(f"Open {running.web_url} in a browser. The API is at {running.web_url}/api, its page at /docs,")
        progress.say(f"its own host at {running.api_url}; all else is in {options.state / 'cloud.json'}.")
        if options.host != HOST:
            progress.say(EXPOSED.format(options.host))
        stack.enter_context(reloading(running, progress.say))
        stack.enter_context(rebuilding(running, options.state / "logs", progress.say))
        progress.say("What you edit in functions/, layers/shared/ and web/ is live when it is saved. Ctrl-C stops all.")
        while all(child.alive for child in children):
            Event().wait(WATCH_SECONDS)
        raise next(child for child in children if not child.alive).failure("a part of the local cloud ended")


def _given(parsed: argparse.Namespace) -> dict[str, Any]:
    """The options that were given."""
    names = {field.name for field in fields(Options)}
    return {name: value for name, value in vars(parsed).items() if name in names and value is not None}


def _buy(parsed: argparse.Namespace) -> None:
    given = _given(parsed)
    keys = {"toss_url", "toss_client_key", "toss_secret_key"}
    if (given.keys() & keys) not in (set(), keys):
        raise LocalError("the real Toss needs all of --toss-url, --toss-client-key and --toss-secret-key")
    purchase = Purchase(parsed.product, parsed.browser or "toss_url" in given)
    buy(purchase, Options(state=DEMO_STATE, **given), Progress())


def _demo(parsed: argparse.Namespace) -> None:
    options = Options(state=DEMO_STATE, **_given(parsed))
    demo(parsed.photo, parsed.role, Path("out"), options, Progress(), stranger=parsed.stranger)


def _logs(parsed: argparse.Namespace) -> None:
    follow(RunningCloud.read(parsed.state), parsed.function, partial(print, flush=True))


def _invoke(parsed: argparse.Namespace) -> None:
    from local.invoke import event_of, invoke, show  # noqa: PLC0415 - the functions' libraries again

    event = event_of(parsed.event, parsed.user)
    show(invoke(RunningCloud.read(parsed.state), parsed.function, event, debug=parsed.pdb), print)


def _publish(parsed: argparse.Namespace) -> None:
    running = RunningCloud.read(parsed.state)
    Publish(running.client, running.site, Progress())(DIST)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description="Veil on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="boot the local cloud, keep it until Ctrl-C")
    up.set_defaults(run=_up, endless=True)
    add_state(up)
    up.add_argument("--port", type=port, default=DEFAULT_PORT, help="port of the edge (default: %(default)s)")
    up.add_argument("--host", help="this machine's address in the network, for a phone (default: loopback alone)")
    for name, what in {
        "--public-url": "where a tunnel to the API ends (to --port: its /api), for the real Replicate's callbacks",
        "--public-photos-url": "where a tunnel to the photos' door begins, for the real Replicate to fetch them",
        "--replicate-url": "Replicate's API instead of the stand-in",
        "--replicate-token": "token for it",
        "--replicate-webhook-secret": "key that it signs webhooks with (whsec_…)",
        **COMFY,
        "--azure-face-url": "Azure AI Face endpoint instead of the stand-in",
        "--azure-face-key": "key for it",
        "--upstash-url": "Upstash REST URL instead of the stand-in",
        "--upstash-token": "token for it",
        **TOSS,
        "--toss-billing-client-key": "client key of its billing",
        "--toss-billing-secret-key": "secret key of its billing",
        "--events-url": "a server of yours, to which events are posted (its secret: veil-local/events-signing-key)",
    }.items():
        up.add_argument(name, help=what)
    add_models(up)
    up.add_argument(
        "--set", type=setting, action="append", default=[], metavar="NAME=VALUE", help="override a setting; repeatable"
    )

    shown = commands.add_parser("demo", help="do the main job once: a photo in, four portraits out")
    shown.set_defaults(run=_demo)
    shown.add_argument("--photo", type=Path, default=PHOTO, help="the photo (default: the one that ships)")
    shown.add_argument("--role", choices=list(Role), help="who is on it, which decides the clothes")
    shown.add_argument("--stranger", action="store_true", help="one image is of somebody else: it is refunded")
    add_models(shown)

    bought = commands.add_parser("buy", help="buy a pack of credits once, and show the ledger")
    bought.set_defaults(run=_buy)
    bought.add_argument("--product", default="pack_medium", help="the pack (default: %(default)s)")
    bought.add_argument("--browser", action="store_true", help="pay by hand, in a browser; with the real Toss, always")
    for name, what in TOSS.items():
        bought.add_argument(name, help=what)

    logs = commands.add_parser("logs", help="follow what the functions of the running local cloud log, until Ctrl-C")
    logs.set_defaults(run=_logs, endless=True)
    logs.add_argument("function", nargs="?", help="one function (default: all of them)")
    add_state(logs)

    invoked = commands.add_parser("invoke", help="run one function here, with what it has on the running local cloud")
    invoked.set_defaults(run=_invoke)
    invoked.add_argument("function")
    invoked.add_argument("event", help="a file of JSON, or a request: 'GET /credits?limit=3', 'POST /uploads {…}'")
    invoked.add_argument("--user", default="developer", help="who makes the request (default: %(default)s)")
    invoked.add_argument("--pdb", action="store_true", help="under the debugger, from the function's first line on")
    add_state(invoked)

    published = commands.add_parser("publish", help="publish the web client that was built to the running local cloud")
    published.set_defaults(run=_publish)
    add_state(published)

    add_operations(commands, add_state, lambda parsed: RunningCloud.read(parsed.state).stage)
    return parser


if __name__ == "__main__":
    sys.exit(main())
