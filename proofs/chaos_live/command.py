"""``python -m proofs chaos-live``."""

import argparse
import random
from pathlib import Path
from typing import Any

from rich.console import Console

from local.progress import Progress
from proofs.chaos_live.run import Plan, chaos_live


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("chaos-live", help="break everything around the deployed stack; prove the ledger")
    parser.set_defaults(run=_run)
    parser.add_argument("--users", type=int, default=50, help="how many are at work at once (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="of all that is chosen by chance (default: another each time)")
    parser.add_argument("--share", type=float, default=0.2, help="of the calls to AWS go wrong (default: %(default)s)")
    parser.add_argument(
        "--kill-every", type=float, default=3, help="seconds between kills, about; 0: none (default: %(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the score card there too")


def _run(parsed: argparse.Namespace) -> bool:
    """Whether nothing was lost."""
    seed = random.SystemRandom().randrange(10**6) if parsed.seed is None else parsed.seed
    plan = Plan(users=parsed.users, seed=seed, share=parsed.share, kill_every=parsed.kill_every)
    score, console = chaos_live(plan, Progress()), Console(highlight=False)
    score.show(console)
    console.print(f"logs: {plan.state / 'logs'}", soft_wrap=True)
    if parsed.json:
        score.write(parsed.json)
    return not score.violations
