"""One line in, one check as Veil's, by libvips; its seconds, and at the end its process's peak memory."""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

import pyvips

photo = Path(sys.argv[1]).read_bytes()
for _ in sys.stdin:
    began = perf_counter()
    image = pyvips.Image.thumbnail_buffer(photo, 1024, height=1024, size="down")
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb", embedded=True)
    made = image.jpegsave_buffer(Q=85, keep="none")
    print(json.dumps({"seconds": perf_counter() - began, "bytes": len(made)}), flush=True)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}), flush=True)
