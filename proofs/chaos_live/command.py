"""``python -m proofs chaos-live``."""

import argparse
from typing import Any

from rich.console import Console

from operations.progress import Progress
from proofs.chaos_live.run import LivePlan, chaos_live
from proofs.commands import add_command, add_seed, write_json


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = add_command(commands, "chaos-live", _run, "break everything around the deployed stack; prove the ledger")
    parser.add_argument("--users", type=int, default=50, help="how many are at work at once (default: %(default)s)")
    add_seed(parser)
    share = "of the calls to AWS that fail (default: %(default)s)"
    parser.add_argument("--share", type=float, default=LivePlan.share, help=share)
    kills = "average seconds between kills; 0: none (default: %(default)s)"
    parser.add_argument("--kill-every", type=float, default=LivePlan.kill_every, help=kills)


def _run(parsed: argparse.Namespace) -> bool:
    """Whether nothing was lost."""
    plan = LivePlan(parsed.users, parsed.seed, parsed.share, parsed.kill_every)
    report, console = chaos_live(plan, Progress()), Console(highlight=False)
    report.show(console)
    console.print(f"logs: {plan.state / 'logs'}", soft_wrap=True)
    if parsed.json:
        write_json(parsed.json, report.as_json())
    return not report.violations
