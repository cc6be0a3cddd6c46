"""What the arguments of ``python -m local`` may be."""

import argparse
from pathlib import Path

from local.cloud.running import STATE
from veil.domain.image_models import CATALOGUE

MAX_PORT = 65535


def setting(text: str) -> tuple[str, str]:
    """Of ``NAME=VALUE``."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= number <= MAX_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose a number from 1 to {MAX_PORT}")
    return number


def add_models(command: argparse.ArgumentParser) -> None:
    """``--models``: a chain of the catalogue's."""
    command.add_argument(
        "--models",
        type=_models,
        metavar="NAME,…",
        help=f"the models that make the images, in the order in which they are tried: {', '.join(CATALOGUE)}",
    )


def _models(text: str) -> str:
    names = [name.strip() for name in text.split(",")]
    if unknown := [name for name in names if name not in CATALOGUE]:
        raise argparse.ArgumentTypeError(f"no such model: {', '.join(unknown)}; there are {', '.join(CATALOGUE)}")
    return ",".join(names)


def add_state(command: argparse.ArgumentParser) -> None:
    """``--state``: the cloud's processes run in folders of their own, so it is made absolute."""
    where = "folder of its files, one for each cloud (default: %(default)s)"
    command.add_argument("--state", type=lambda path: Path(path).resolve(), default=STATE, help=where)
