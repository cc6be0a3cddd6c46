"""Every bad photo through the check: an end with its reason, the raw bytes gone, and only plain pixels kept."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from local.photos.case import SECRET, Case
from local.photos.rules import fault
from proofs.chaos.corpus import corpus, main
from tests.fakes.world import World
from veil.adapters.photos.pillow import PillowReader
from veil.adapters.photos.sandbox import SandboxedReader
from veil.domain.photos import Photo
from veil.domain.uploads import UploadStatus, incoming_key, input_key
from veil.use_cases.check import CheckPhoto

CASES = corpus()
BOMB_SECONDS = 1  # of CPU, instead of ten: they have no end, and none has to be ready
TOLERANCE = 16  # of 255: the worst is WebP's, between two colours


@pytest.fixture(scope="session")
def confined() -> SandboxedReader:
    return SandboxedReader(50_000_000, 256, BOMB_SECONDS)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of corrupt EXIF and of animations cut short
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_photo(case: Case, reader: PillowReader, confined: SandboxedReader) -> None:
    world = World()
    check = CheckPhoto(world.uploads, world.photos, confined if case.bomb else reader, world.faces, world.telemetry)
    data = case.make()
    upload, _ = world.create_upload("ada", case.content_type, max(1, len(data)), None)
    raw, plain = incoming_key("ada", upload.id), input_key("ada", upload.id)
    world.photos.land(raw, data, case.content_type)
    check(raw)
    after, kept = world.get_upload("ada", upload.id), world.photos.read(plain)
    assert (after.reason or after.status) in case.ends
    assert world.photos.read(raw) is None
    assert (kept is not None) is (after.status is UploadStatus.READY)
    if kept is not None:
        assert fault(Photo(kept, after.width or 0, after.height or 0)) is None
        assert case.corners is None or _shows(kept, case.corners)


def _shows(jpeg: bytes, corners: tuple[tuple[int, int, int], ...]) -> bool:
    with Image.open(BytesIO(jpeg)) as image:
        right, bottom = image.width - 4, image.height - 4
        seen = [image.getpixel(point) for point in ((3, 3), (right, 3), (3, bottom), (right, bottom))]
    return all(
        isinstance(colour, tuple) and all(abs(a - b) <= TOLERANCE for a, b in zip(colour, expected, strict=True))
        for colour, expected in zip(seen, corners, strict=True)
    )


def test_the_corpus_can_be_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "photos")]) == 0
    assert f"{len(CASES)} photos" in capsys.readouterr().out
    index = (tmp_path / "photos" / "INDEX.txt").read_text(encoding="utf-8").splitlines()
    files = {file.name: file for file in (tmp_path / "photos").iterdir() if file.name != "INDEX.txt"}
    assert sorted(line.split()[0] for line in index) == sorted(files)
    assert len(files) == len({case.name for case in CASES}) == len(CASES)
    carrying = {Path(name).stem for name, file in files.items() if SECRET in file.read_bytes()}
    assert carrying >= {f"{kind}-orientation-6" for kind in ("jpeg", "png", "webp", "heif")}
    assert carrying >= {
        f"jpeg-{name}" for name in ("thumbnail-of-something-else", "two-pictures", "gain-map", "comment")
    }
    assert carrying >= {"jpeg-and-page", "jpeg-trailing-film", "png-text", "png-trailing-zip", "heic-several-pictures"}


def test_what_may_come_out_is_strict() -> None:
    def plain(**options: object) -> bytes:
        out = BytesIO()
        Image.new("RGB", (8, 8)).save(out, "JPEG", **options)
        return out.getvalue()

    good = plain()
    assert fault(Photo(good, 8, 8)) is None
    wrong = [
        b"",
        good[:-2],
        good[:-1],
        good + b"\0",
        good + good,
        good[:2] + b"\xff\xfe\0\4no" + good[2:],
        good[:-2] + b"\xff\xd0" + good[-2:],
        plain(comment=b"x"),
        plain(exif=Image.Exif()) + b"SECRET",
        plain(icc_profile=b"x"),
        plain(dpi=(72, 72)),
        plain(progressive=True),
    ]
    assert [data[:40] for data in wrong if fault(Photo(data, 8, 8)) is None] == []
    assert fault(Photo(good, 8, 9))
