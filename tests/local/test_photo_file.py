"""The demo's photo: what is no photo is refused before anything boots, in the words of the terminal's language."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from local import __main__ as commands
from local.demo import PHOTO, would_have_cost
from local.photo_file import read_photo, terminal_language
from local.photos.make import MIMES, encode
from local.processes import LocalError
from veil.domain.image_models import CATALOGUE
from veil.domain.language import EN, KO, Language
from veil.domain.uploads import MAX_UPLOAD_BYTES
from veil.settings import GenerationsSettings

type Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def run(data: bytes) -> Path:
        file = tmp_path / "photo.jpg"
        file.write_bytes(data)
        return file

    return run


def _gif() -> bytes:
    return encode(Image.new("RGB", (512, 512)), "GIF")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n" + bytes(2000), {EN: "not a photo", KO: "사진 파일이 아니에요"}),
        (b"", {EN: "not a photo", KO: "사진 파일이 아니에요"}),
        (_gif(), {EN: "not a photo", KO: "사진 파일이 아니에요"}),
        (PHOTO.read_bytes()[:3000], {EN: "cannot be read", KO: "읽을 수 없어요"}),
        (bytes(MAX_UPLOAD_BYTES + 1), {EN: "too large", KO: "너무 커요"}),
    ],
    ids=["pdf", "empty", "gif", "half", "large"],
)
@pytest.mark.parametrize("language", [EN, KO])
def test_what_is_no_photo(write: Write, data: bytes, said: dict[Language, str], language: Language) -> None:
    with pytest.raises(LocalError, match=said[language]):
        read_photo(write(data), language)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_its_type_is_that_of_its_content_whatever_its_name(write: Write, kind: str) -> None:
    with Image.open(PHOTO) as image:
        data = encode(image, kind)
    assert read_photo(write(data), EN) == (MIMES[kind], data)


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    monkeypatch.setenv("HOME", str(write(PHOTO.read_bytes()).parent))
    assert read_photo(Path("~/photo.jpg"), EN)[0] == "image/jpeg"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, KO),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ko_KR"}, KO),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "de_DE"}, EN),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": ""}, KO),
        ({"LANG": "C"}, EN),
        ({}, EN),
    ],
)
def test_the_terminals_language(environ: dict[str, str], language: Language) -> None:
    assert terminal_language(environ) == language


@pytest.mark.parametrize(("locale", "said"), [("ko_KR.UTF-8", "사진 파일이 아니에요"), ("fr_FR", "not a photo")])
def test_nothing_boots_for_a_pdf(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], write: Write, locale: str, said: str
) -> None:
    monkeypatch.setattr("local.demo.cloud", pytest.fail)
    monkeypatch.setenv("LC_ALL", locale)
    assert commands.main(["demo", "--photo", str(write(b"%PDF-1.7"))]) == 1
    assert said in capsys.readouterr().err


def test_who_made_the_portraits_and_what_a_model_would_have_cost() -> None:
    model, *_ = GenerationsSettings.model_fields["models"].default
    told = would_have_cost(str(4 * CATALOGUE[model].price), model)
    assert "stand-in" in told
    assert f"{model} would have cost USD 0.16" in told
    assert "by the hour" in would_have_cost("0", "comfy/qwen-image-edit")
