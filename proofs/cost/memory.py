"""What an invocation would take on Lambda at each memory size, and which size is the cheapest.

Memory buys CPU in proportion, a whole core at 1,769 MB (docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html,
read on 2026-11-23), and what is billed is memory times time:

    billed(m) = wait + CPU x max(1, 1769 / m)

CPU is measured in the function's own process on this machine and taken as an arm64 core's; no more than one core is
credited. Below a whole core CPU costs the same at any size, and waiting costs less the smaller it is: the cheapest size
is always the smallest that holds, and what is paid for it is time.
"""

from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

FULL_CORE_MB = 1769
HEADROOM = 1.5  # of the measured peak
SMALLEST_MB, STEP_MB = 128, 64
LARGEST_INPUT_MB = {  # what the visits do not bring, and a function must hold all the same
    "check": 1769,  # 50 megapixels take 800, and a decoder is stopped at 1,200: veil.adapters.photos.sandbox
    "webhook": 256,  # an output of 20 MiB, and again as what goes out
    "sweeper": 512,  # such an output of each of the eight generations that it looks at side by side
}


@dataclass(frozen=True)
class Work:
    """A function's average invocation. A start's CPU includes what only the first invocation does."""

    function: str
    invocations: float  # a generation
    cpu_ms: float
    wait_ms: float
    start_cpu_ms: float
    peak_mb: float

    def billed_ms(self, memory_mb: int) -> float:
        return self.wait_ms + self.cpu_ms * slowdown(memory_mb)

    def start_ms(self, memory_mb: int) -> float:
        return self.start_cpu_ms * slowdown(memory_mb)

    def gb_seconds(self, memory_mb: int) -> float:
        """Of one invocation, its process running."""
        return self.billed_ms(memory_mb) / 1000 * memory_mb / 1024

    def start_gb_seconds(self, memory_mb: int) -> float:
        return self.start_ms(memory_mb) / 1000 * memory_mb / 1024

    def cheapest(self) -> int:
        """The size with the fewest GB-seconds among those that hold the peak with headroom."""
        sizes = (*range(SMALLEST_MB, FULL_CORE_MB, STEP_MB), FULL_CORE_MB)
        best: int = min((size for size in sizes if size >= self.least_mb), key=self.gb_seconds)
        return best

    @property
    def least_mb(self) -> int:
        return max(SMALLEST_MB, ceil(self.peak_mb * HEADROOM), LARGEST_INPUT_MB.get(self.function, 0))


def slowdown(memory_mb: int) -> float:
    """How much longer CPU work takes than on a whole core."""
    return max(1.0, FULL_CORE_MB / memory_mb)


def memory_row(work: Work, present: int) -> dict[str, Any]:
    """A function's work, and its figures at the ``present`` size (MB) and at the cheapest."""
    row = {name: value for name, value in asdict(work).items() if name != "invocations"}
    for name, size in (("present", present), ("cheapest", work.cheapest())):
        row[name] = {
            "memory_mb": size,
            "ms": work.billed_ms(size),
            "start_ms": work.start_ms(size),
            "gb_seconds": work.gb_seconds(size),
        }
    return row
