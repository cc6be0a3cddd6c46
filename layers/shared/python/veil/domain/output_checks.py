"""The rules that an output must meet to be stored, whoever made it."""

from veil.domain.generation import Generation, StoredOutput
from veil.domain.outcomes import BAD_OUTPUT, Failure

MAX_SIDE_PIXELS = 10_000


def check_size(_generation: Generation, _data: bytes, output: StoredOutput) -> Failure | None:
    """`veil.domain.ports.OutputCheck`: an image has pixels, and no side that no client could show."""
    sides = (output.width, output.height)
    return None if all(0 < side <= MAX_SIDE_PIXELS for side in sides) else BAD_OUTPUT
