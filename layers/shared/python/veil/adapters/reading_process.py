"""The process that `confined_reader` starts: one photo from standard input; a line of JSON and the JPEG to standard
output. A kilobyte can ask a decoder for minutes and gigabytes (a JPEG of a hundred thousand scans, an HEIC of layers
of layers), in more ways than a header shows: the bounds are the kernel's.
"""

import json
import os
import resource
import sys

from veil.adapters.photo_reader import PillowReader
from veil.domain.photos import Rejected


def main(content_type: str, max_pixels: int, min_side: int, cpu_seconds: int, data_bytes: int) -> None:
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a decoder may print
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
    try:
        photo = PillowReader(max_pixels, min_side).read(sys.stdin.buffer.read(), content_type)
    except Rejected as rejected:
        told: dict[str, str | int] = {"reason": rejected.reason.value}
        jpeg = b""
    else:
        told, jpeg = {"width": photo.width, "height": photo.height}, photo.jpeg
    with answer:
        answer.write(json.dumps(told).encode() + b"\n" + jpeg)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
