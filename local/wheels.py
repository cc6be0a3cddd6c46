"""``python -m local.wheels LOCK …``: each lock can be installed wherever Veil is developed, by wheels alone.

Asks the package index, as an installation does, for the packages' wheels; downloads and installs none.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from local.install import PYTHON_VERSION, UV

PLATFORMS = {
    "Linux on x86-64": "x86_64-manylinux_2_28",
    "Linux on arm64": "aarch64-manylinux_2_28",
    "macOS 14 on x86-64": "x86_64-apple-darwin",
    "macOS 14 on arm64": "aarch64-apple-darwin",
}
MACOS = "14.0"
PURE_SOURCE = "pyvips"  # publishes no wheels; its source is Python, and is installed without a compiler


def missing(lock: Path, platform: str) -> str:
    """What uv says where ``lock`` has no wheels for this one of `PLATFORMS`; empty where it has them all."""
    with tempfile.TemporaryDirectory() as nowhere:
        done = subprocess.run(
            [
                UV, "pip", "install", "--quiet", "--dry-run", "--no-deps", "--require-hashes",
                "--only-binary", ":all:", "--no-binary", PURE_SOURCE, "--python-version", PYTHON_VERSION,
                "--python-platform", PLATFORMS[platform], "--target", nowhere, "-r", lock,
            ],
            env={**os.environ, "MACOSX_DEPLOYMENT_TARGET": MACOS}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    return done.stderr.strip() if done.returncode else ""


def main(names: list[str]) -> int:
    """Say what is missing of the locks of these names, without ``.txt``; answer the exit status."""
    wanted = list(product(names, PLATFORMS))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(lambda each: missing(Path(f"{each[0]}.txt"), each[1]), wanted)
        found = [(name, platform, answer) for (name, platform), answer in zip(wanted, answers, strict=True) if answer]
    for name, platform, answer in found:
        print(f"{name}.txt on {platform}: {answer}", file=sys.stderr)
    if not found:
        print(f"Wheels of {len(names)} locks: all there for {', '.join(PLATFORMS)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
