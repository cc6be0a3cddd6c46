"""``python -m operations COMMAND --stage STAGE``: on a stage of your AWS account."""

import argparse
import sys

from operations.commands import add_operations
from operations.errors import OperationError
from operations.stage import REGION, Stage


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        return 1 if parsed.run(parsed) is False else 0
    except OperationError as error:
        print(f"operations: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m operations", description="Veil on a stage of your AWS account.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_operations(commands, _add_place, lambda parsed: Stage.deployed(parsed.stage, parsed.region))
    return parser


def _add_place(command: argparse.ArgumentParser) -> None:
    command.add_argument("--stage", required=True, help="the stage of your AWS account")
    command.add_argument("--region", default=REGION, help="the stage's region (default: %(default)s)")


if __name__ == "__main__":
    sys.exit(main())
