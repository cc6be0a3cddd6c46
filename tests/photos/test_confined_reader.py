"""What happens to the reader's process is the photo's fault or ours, and never the function's end."""

import json
from pathlib import Path

import pytest
from PIL import Image

from local.chaos.photos.make import encode, quarters
from veil.adapters import confined_reader
from veil.adapters.confined_reader import ConfinedReader, ReaderFailed
from veil.adapters.photo_reader import PillowReader
from veil.domain.photos import Rejected
from veil.domain.uploads import Reason


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> ConfinedReader:
    monkeypatch.setattr(confined_reader, "PROCESS", "tests.photos.stand_in_process")
    monkeypatch.setattr(confined_reader, "WALL_SECONDS", 1)
    return ConfinedReader(50_000_000, 256)


def test_it_reads_as_the_reader_inside(reader: PillowReader) -> None:
    data = encode(quarters(), "HEIF")
    assert ConfinedReader(50_000_000, 256).read(data, "image/heic") == reader.read(data, "image/heic")
    with pytest.raises(Rejected) as refused:
        ConfinedReader(50_000_000, 301).read(data, "image/heic")
    assert refused.value.reason is Reason.IMAGE_TOO_SMALL


def test_memory_has_a_bound() -> None:
    """40 megapixels of one bit, which become 160 MB."""
    data = encode(Image.new("1", (10_000, 4000)), "PNG")
    assert ConfinedReader(50_000_000, 256).read(data, "image/png").width == 1024
    with pytest.raises(Rejected) as refused:
        ConfinedReader(50_000_000, 256, data_bytes=100 * 2**20).read(data, "image/png")
    assert refused.value.reason is Reason.UNREADABLE_IMAGE


def test_a_decoder_that_is_brought_down_is_the_photos_fault(stand_in: ConfinedReader) -> None:
    with pytest.raises(Rejected) as refused:
        stand_in.read(b"", "image/abort")
    assert refused.value.reason is Reason.UNREADABLE_IMAGE


@pytest.mark.parametrize(("ends", "says"), [("exit", "a defect of ours"), ("wait", "no answer within 1 s")])
def test_an_end_of_another_kind_is_tried_again(stand_in: ConfinedReader, ends: str, says: str) -> None:
    with pytest.raises(ReaderFailed, match=says):
        stand_in.read(b"x" * 1_000_000, f"image/{ends}")


def test_no_secret_reaches_it(stand_in: ConfinedReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "never to be seen by a decoder")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    given = json.loads(stand_in.read(b"", "image/environment").jpeg)
    assert set(given) <= {"PYTHONPATH", "LD_LIBRARY_PATH", "LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert given["LD_LIBRARY_PATH"] == str(tmp_path)
