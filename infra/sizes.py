"""How much each function gets, and how often a message is tried: plain numbers, which need no CDK to be read."""

from typing import NamedTuple

MAX_RECEIVES = 10  # of a check; with its own back-off, about 75 minutes of a face service that is down
VISIBILITY_SECONDS = 360  # of a message whose check ended without a word


class Size(NamedTuple):
    """What one function needs: memory buys CPU (a whole one at 1769 MB)."""

    memory_mb: int
    timeout_seconds: int
    layers: tuple[str, ...]


SIZES: dict[str, Size] = {
    "uploads": Size(512, 29, ("providers",)),
    "check": Size(1769, 60, ("photos",)),
    "generations": Size(1024, 29, ("providers",)),
    "webhook": Size(512, 29, ("providers",)),  # it mostly waits, and nobody for its answer
    "sweeper": Size(512, 180, ("providers",)),
    "gallery": Size(512, 29, ()),
}
