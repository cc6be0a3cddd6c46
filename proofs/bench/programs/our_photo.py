"""One line in, one check by the check function's reader; its seconds, and at the end its processes' peak memory."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from veil.adapters.photos.sandbox import SandboxedReader

MAX_PIXELS, MIN_SIDE = 50_000_000, 256


def sandbox_bytes() -> int:
    """The only child, but for the one that is asked."""
    listed = subprocess.run(["ps", "-A", "-o", "ppid=,rss=,comm="], capture_output=True, text=True, check=True)
    children = (line.split(maxsplit=2) for line in listed.stdout.splitlines())
    return sum(int(rss) * 1024 for ppid, rss, name in children if int(ppid) == os.getpid() and name != "ps")


def fork_bytes() -> int:
    """Of those that have ended; once the sandbox has, too."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit


def main(photo: bytes) -> None:
    reader = SandboxedReader(MAX_PIXELS, MIN_SIDE)
    for _ in sys.stdin:
        began = perf_counter()
        made = reader.read(photo, "image/jpeg")
        print(json.dumps({"seconds": perf_counter() - began, "bytes": len(made.jpeg)}), flush=True)
    sandbox = sandbox_bytes()
    reader.close()
    print(json.dumps({"peak": sandbox + fork_bytes()}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_bytes())
