"""What happens to the reader's processes is the photo's fault or ours, and never the function's end."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from local.photos.make import MIMES, encode, quarters
from local.processes import ROOT, poll
from tests.processes import gone
from veil.adapters.photos import sandbox as confined_reader
from veil.adapters.photos.pillow import PillowReader
from veil.adapters.photos.sandbox import MALLOC, SandboxedReader
from veil.domain.photos import ReaderFailed, Rejected
from veil.domain.uploads import MAX_PIXELS, Reason

SECONDS = 10
LARGE = b"x" * 10_000_000
FUNCTION = """
import sys
from veil.adapters.photos import sandbox as confined_reader
confined_reader.PROCESS = "tests.photos.stand_in_process"
reader = confined_reader.SandboxedReader(1, 1)
reader.read(sys.argv[2].encode(), sys.argv[1])
print(reader._sandbox._process.pid, flush=True)
if sys.argv[3] == "stays":
    sys.stdin.read()
"""


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxedReader]:
    monkeypatch.setattr(confined_reader, "PROCESS", "tests.photos.stand_in_process")
    reader = SandboxedReader(50_000_000, 256, cpu_seconds=1)
    yield reader
    reader.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, stand_in: SandboxedReader) -> SandboxedReader:
    """One that has its sandbox already: to start one takes longer than the others may."""
    told(stand_in)
    monkeypatch.setattr(confined_reader, "WALL_SECONDS", 2)
    return stand_in


@pytest.fixture
def real() -> Iterator[SandboxedReader]:
    reader = SandboxedReader(50_000_000, 256)
    yield reader
    reader.close()


def told(reader: SandboxedReader, photo: bytes = b"") -> dict[str, Any]:
    """What the next fork sees."""
    seen: dict[str, Any] = json.loads(reader.read(photo, "image/tell").jpeg)
    return seen


def pids(file: Path) -> list[int]:
    """The sandbox and its fork, as the waiting fork wrote them down."""
    assert poll(file.exists, SECONDS)
    return [int(pid) for pid in file.read_text().split()]


def waiting_forks(sandbox: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(pid) for pid, parent in map(str.split, listed.splitlines()) if int(parent) == sandbox]


def all_gone(*processes: int) -> bool:
    return poll(lambda: all(map(gone, processes)), SECONDS)


def test_it_reads_as_the_reader_inside(reader: PillowReader, real: SandboxedReader) -> None:
    for kind in ("HEIF", "JPEG", "WEBP", "PNG", "HEIF"):
        data, content_type = encode(quarters(), kind), "image/heic" if kind == "HEIF" else f"image/{kind.lower()}"
        assert real.read(data, content_type) == reader.read(data, content_type)
        with pytest.raises(Rejected) as refused:
            real.read(encode(quarters(200, 200), kind), content_type)
        assert refused.value.reason is Reason.IMAGE_TOO_SMALL


def test_memory_has_a_bound(real: SandboxedReader) -> None:
    """40 megapixels of one bit, which become 160 MB."""
    data = encode(Image.new("1", (10_000, 4000)), "PNG")
    assert real.read(data, "image/png").width == 1024
    with pytest.raises(Rejected) as refused:
        SandboxedReader(50_000_000, 256, data_bytes=100 * 2**20).read(data, "image/png")
    assert refused.value.reason is Reason.UNREADABLE_IMAGE


@pytest.mark.parametrize(
    ("kind", "size", "taken"),
    [
        ("JPEG", (12_000, 9000), True),  # what phones call 108 megapixels
        ("JPEG", (12_300, 12_300), False),
        ("PNG", (8192, 6144), True),  # and 50
        ("PNG", (8192, 6145), False),
    ],
)
def test_how_large_a_photo_may_be(kind: str, size: tuple[int, int], taken: bool) -> None:
    reader = SandboxedReader(MAX_PIXELS, 256)
    data = encode(Image.new("L", size, 200), kind)
    if taken:
        assert reader.read(data, MIMES[kind]).width == 1024
    else:
        with pytest.raises(Rejected) as refused:
            reader.read(data, MIMES[kind])
        assert refused.value.reason is Reason.IMAGE_TOO_LARGE
    reader.close()


@pytest.mark.parametrize("end", ["abort", "segfault", "spin"])
def test_a_decoder_that_is_brought_down_is_the_photos_fault(stand_in: SandboxedReader, end: str) -> None:
    sandbox = told(stand_in)["sandbox"]
    with pytest.raises(Rejected) as refused:
        stand_in.read(LARGE, f"image/{end}")
    assert refused.value.reason is Reason.UNREADABLE_IMAGE
    assert told(stand_in)["sandbox"] == sandbox


@pytest.mark.parametrize(
    ("end", "says"),
    [
        ("end", "ended with 1: a defect of ours"),
        ("talk", r"(?s)ended with 1: .{,500}a defect of ours\n$"),
        ("die", "ended with -9"),
    ],
)
def test_an_end_of_another_kind_is_tried_again(stand_in: SandboxedReader, end: str, says: str) -> None:
    sandbox = told(stand_in)["sandbox"]
    with pytest.raises(ReaderFailed, match=says):
        stand_in.read(LARGE, f"image/{end}")
    assert told(stand_in)["sandbox"] == sandbox


def test_whatever_a_decoder_raises_is_a_verdict_and_told_to_us(stand_in: SandboxedReader) -> None:
    with pytest.raises(Rejected) as refused:
        stand_in.read(LARGE, "image/stumble")
    assert refused.value.reason is Reason.UNREADABLE_IMAGE
    assert "KeyError: 'a defect of ours'" in refused.value.defect


def test_a_fork_that_ends_before_it_has_the_photo_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined_reader, "PROCESS", "tests.photos.stand_in_process")
    with pytest.raises(ReaderFailed, match="MemoryError"):
        SandboxedReader(1, 1, data_bytes=64 * 2**20).read(b"x" * 80_000_000, "image/tell")


def test_one_that_hangs_is_ended_with_its_sandbox(
    monkeypatch: pytest.MonkeyPatch, impatient: SandboxedReader, tmp_path: Path
) -> None:
    with pytest.raises(ReaderFailed, match="no answer within 2 s"):
        impatient.read(str(tmp_path / "pids").encode(), "image/wait")
    sandbox, fork = pids(tmp_path / "pids")
    assert all_gone(sandbox, fork)
    monkeypatch.setattr(confined_reader, "WALL_SECONDS", 40)
    assert told(impatient)["sandbox"] != sandbox


def test_a_sandbox_that_ends_leaves_no_fork_behind(impatient: SandboxedReader, tmp_path: Path) -> None:
    with pytest.raises(ReaderFailed):
        impatient.read(str(tmp_path / "pids").encode(), "image/orphan")
    assert all_gone(pids(tmp_path / "pids")[1])


def test_a_sandbox_that_has_ended_is_started_anew(stand_in: SandboxedReader) -> None:
    sandbox = told(stand_in)["sandbox"]
    os.kill(sandbox, signal.SIGKILL)
    assert all_gone(sandbox)
    assert told(stand_in)["sandbox"] != sandbox


def test_a_fork_that_ends_before_it_is_asked_is_no_photos_end(stand_in: SandboxedReader) -> None:
    sandbox = told(stand_in)["sandbox"]
    assert poll(lambda: bool(waiting_forks(sandbox)), SECONDS)
    [fork] = waiting_forks(sandbox)
    os.kill(fork, signal.SIGSEGV)
    assert all_gone(fork, sandbox)
    assert told(stand_in)["sandbox"] != sandbox


def test_a_sandbox_that_hangs_is_ended(impatient: SandboxedReader) -> None:
    sandbox = told(impatient)["sandbox"]
    os.kill(sandbox, signal.SIGSTOP)
    with pytest.raises(ReaderFailed, match="no answer within 2 s"):
        impatient.read(LARGE, "image/tell")
    assert all_gone(sandbox)


def test_one_that_cannot_even_wait_is_our_fault() -> None:
    """Not for ever, one fork after the other."""
    with pytest.raises(ReaderFailed):
        SandboxedReader(1, 1, data_bytes=2**20).read(LARGE, "image/jpeg")


def test_a_sandbox_that_does_not_start_is_our_fault(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(confined_reader, "PROCESS", "no.such.module")
    reader = SandboxedReader(1, 1)
    for _ in range(2):
        with pytest.raises(ReaderFailed):
            reader.read(LARGE, "image/jpeg")
    assert "No module named 'no'" in capfd.readouterr().err


def test_no_secret_reaches_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(confined_reader, "PROCESS", "tests.photos.stand_in_process")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "never to be seen by a decoder")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    given = told(SandboxedReader(1, 1))["environment"]
    assert set(given) <= {"PYTHONPATH", "LD_LIBRARY_PATH", "LC_CTYPE", "__CF_USER_TEXT_ENCODING", *MALLOC}
    assert given["LD_LIBRARY_PATH"] == str(tmp_path)


def test_nothing_of_one_photo_is_left_for_the_next(stand_in: SandboxedReader) -> None:
    """More photos than the sandbox may have files open, and each fork has its own four."""
    for number in range(20):
        seen = told(stand_in, b"%d" % number)
        kinds = {int(opened): stat.S_IFMT(mode) for opened, mode in seen["open"].items()}
        assert seen["photo"] == str(number)
        assert kinds == {0: stat.S_IFCHR, 1: stat.S_IFIFO, 2: stat.S_IFIFO, 3: stat.S_IFSOCK}


@contextmanager
def function(content_type: str, photo: str, then: str) -> Iterator[subprocess.Popen[str]]:
    """A function of its own that reads a photo, prints its sandbox's number and returns, unless it "stays"."""
    command = [sys.executable, "-c", FUNCTION, content_type, photo, then]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("then", ["returns", "stays"])
def test_the_functions_end_is_the_sandboxs(then: str) -> None:
    with function("image/tell", "", then) as process:
        assert process.stdout is not None
        sandbox = int(process.stdout.readline())
        if then == "stays":
            assert not gone(sandbox)
            process.kill()
        assert all_gone(sandbox)


def test_the_functions_end_is_the_forks(tmp_path: Path) -> None:
    with function("image/wait", str(tmp_path / "pids"), "stays") as process:
        sandbox, fork = pids(tmp_path / "pids")
        assert not gone(fork)
        process.kill()
        assert all_gone(sandbox, fork)
