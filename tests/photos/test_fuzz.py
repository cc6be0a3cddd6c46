"""The fuzzer finds what is put there to be found, and nothing in the real reader."""

from pathlib import Path

import pytest

from local.photos.make import MIMES, encode, quarters
from local.processes import LocalError
from proofs.chaos import fuzz


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One photo of each format, and one with a comment."""
    folder = tmp_path_factory.mktemp("seeds")
    for kind in MIMES:
        (folder / kind).write_bytes(encode(quarters(64, 64), kind))
    (folder / "comment").write_bytes(encode(quarters(64, 64), "JPEG", comment=b"a"))
    return folder


FOUND = {
    "stumbling": ("crash-", "KeyError: 'segment'"),
    "leaking": ("crash-", "it has a segment FE of 4 bytes"),
    "waiting": ("timeout-", "timeout after"),
}


@pytest.mark.parametrize("defect", FOUND)
def test_a_defect_is_found_kept_and_can_be_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: Path, defect: str
) -> None:
    kind, why = FOUND[defect]
    if defect == "waiting":  # for the others a second would be what a busy machine takes
        monkeypatch.setattr(fuzz, "BOUNDS", ("-rss_limit_mb=4000", "-timeout=1", *fuzz.BOUNDS[2:]))
    target = f"tests.photos.defects:{defect}"
    report = fuzz.run(60, 7, target=target, seeds=seeds, out=tmp_path, say=lambda _: None)
    [found] = report.findings
    assert (found.parent, found.name.startswith(kind)) == (tmp_path, True)
    assert why in report.why
    assert why in fuzz.replay(found, target=target)
    assert fuzz.main(["--replay", str(found)]) == 0  # the real reader has no such defect


def test_the_real_reader_holds(tmp_path: Path, seeds: Path) -> None:
    report = fuzz.run(5, 7, seeds=seeds, out=tmp_path, say=lambda _: None)
    assert report.findings == (), report.why
    assert report.executions > 500
    assert report.coverage > 300
    assert report.kept > 20


def test_a_target_that_does_not_start_is_no_success(tmp_path: Path, seeds: Path) -> None:
    with pytest.raises(LocalError, match="no_such_module"):
        fuzz.run(1, 1, target="no_such_module:reader", seeds=seeds, out=tmp_path)


def test_replaying_what_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert fuzz.main(["--replay", str(tmp_path / "nothing")]) == 1
    assert "is no file" in capsys.readouterr().err


def test_where_there_is_no_atheris_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert fuzz.main(["--seconds", "1"]) == 1
    assert "atheris, which there is for Linux on x86-64 only" in capsys.readouterr().err
