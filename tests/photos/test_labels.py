"""The label of what models make: it says so to whoever reads XMP, changes no pixel, and is all that is attached."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from local.photos import jpeg as jpegs
from local.photos import png as pngs
from local.photos import webp as webps
from local.photos.case import SECRET, Case
from local.photos.make import ENCODINGS, MIMES, STORED, encode, exif, noise, png_chunk, quarters, sideways, webp_chunk
from veil.adapters.containers import Plain, jpeg, png, webp
from veil.adapters.containers.label import SOURCE, labelled

ENDS = {"image/jpeg": jpeg.end, "image/png": png.end, "image/webp": webp.end}
PLAIN: dict[str, Callable[[bytes], Plain]] = {"image/png": png.plain, "image/webp": webp.plain}
TOO_MUCH_FOR_PILLOW = {
    *("png-wrong-sum-of-a-text", "png-text-of-64-mib", "png-xmp-of-64-mib", "png-text-of-1-mib-a-thousand-times"),
}  # as they came
KINDS = {kind: mime for kind, mime in MIMES.items() if mime in ENDS}
CORPUS = [case for each in (jpegs, pngs, webps) for case in each.cases() if not case.bomb]
DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
SOURCE_TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
KEPT = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "icc_profile", "adobe", "adobe_transform"),
    *("progressive", "progression", "exif", "xmp", "XML:com.adobe.xmp", "transparency", "gamma", "srgb"),
    *("chromaticity", "loop", "background", "timestamp", "duration", "interlace"),
}  # of what Pillow says of a file
BROKEN = [(kind, encode(noise(40, 30), kind)) for kind in KINDS]


def pixels(data: bytes) -> tuple[str, tuple[int, int], list[bytes]]:
    """Mode, size, and each frame's pixels as a viewer shows them."""
    with Image.open(BytesIO(data)) as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1) if image.format == "WEBP" else 1):
            image.seek(number)
            frames.append(ImageOps.exif_transpose(image).tobytes())
        return image.mode, image.size, frames


def source_type(data: bytes) -> str:
    """What a reader of XMP finds, by Pillow and an XML parser."""
    with Image.open(BytesIO(data)) as image:
        image.load()
        assert image.info.keys() <= KEPT
        packet = image.info.get("xmp") or image.info["XML:com.adobe.xmp"]
    text = packet if isinstance(packet, str) else packet.decode()
    (description,) = ElementTree.fromstring(text.strip("\ufeff\0")).iter(DESCRIPTION)
    assert [name for name in description.attrib if not name.endswith("}about")] == [SOURCE_TYPE]
    return description.attrib[SOURCE_TYPE]


def holds(data: bytes, mime: str) -> bytes:
    """Label it: the same pixels, whole, told, and the same bytes once more."""
    made = labelled(data, mime)
    assert made is not None
    assert pixels(made) == pixels(data)
    assert source_type(made) == SOURCE
    assert ENDS[mime](made) == len(made)
    assert labelled(made, mime) == made
    assert labelled(data + b"trailer", mime) == made
    return made


def test_the_source_type_is_iptcs() -> None:
    assert SOURCE == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


@st.composite
def pictures(draw: st.DrawFn) -> tuple[bytes, str]:
    kind = draw(st.sampled_from(list(KINDS)))
    mode = draw(st.sampled_from({"JPEG": ["RGB", "L", "CMYK"], "PNG": ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"],
                                 "WEBP": ["RGB", "RGBA"]}[kind]))  # fmt: skip
    size = draw(st.integers(1, 70)), draw(st.integers(1, 70))
    grey = Image.new("I;16", size, draw(st.integers(0, 2**16 - 1)))
    image = grey if mode == "I;16" else noise(*size).convert(mode)
    if mode in ("RGBA", "LA"):
        image.putalpha(draw(st.integers(0, 255)))
    options: dict[str, Any] = {}
    if draw(st.booleans()):
        options["exif"] = exif(draw(st.sampled_from([1, *STORED])))
    if kind == "WEBP":
        options["lossless"] = draw(st.booleans())
    if kind == "JPEG":
        options["progressive"] = draw(st.booleans())
    if draw(st.booleans()) and mode in ("RGB", "RGBA"):
        options["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encode(image, kind, **options), KINDS[kind]


@given(pictures())
def test_any_picture(picture: tuple[bytes, str]) -> None:
    holds(*picture)


@pytest.mark.parametrize("encoding", range(len(ENCODINGS)))
def test_every_encoding(encoding: int) -> None:
    kind, options = ENCODINGS[encoding]
    if kind in KINDS:
        holds(encode(quarters(), kind, **options), KINDS[kind])


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_the_corpus(case: Case) -> None:
    """Whatever is attached to it, and wherever it stands; a picture that is none stays none."""
    data = case.make()
    made = labelled(data, case.content_type)
    if made is None:
        assert ENDS[case.content_type](data) is None or case.ends != ("ready",)
        return
    assert SECRET not in made or b"ICC_PROFILE" in made  # a profile is kept as it is
    assert labelled(made, case.content_type) == made
    if case.ends == ("ready",):
        assert pixels(made) == pixels(PLAIN[case.content_type](data).data if case.name in TOO_MUCH_FOR_PILLOW else data)
        assert source_type(made) == SOURCE


@pytest.mark.parametrize("orientation", [1, *STORED])
@pytest.mark.parametrize("kind", KINDS)
def test_it_stands_as_it_stood(kind: str, orientation: int) -> None:
    """Of EXIF nothing is left but the turn."""
    made = holds(
        sideways(kind, orientation) if orientation > 1 else encode(quarters(), kind, exif=exif(1)), KINDS[kind]
    )
    with Image.open(BytesIO(made)) as image:
        assert dict(image.getexif()) == ({} if orientation == 1 else {0x0112: orientation})
    assert SECRET not in made


@pytest.mark.parametrize("kind", KINDS)
def test_the_colours_stay(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = holds(encode(quarters(), kind, icc_profile=profile), KINDS[kind])
    with Image.open(BytesIO(made)) as image:
        assert image.info["icc_profile"] == profile


def test_what_a_model_attached_is_gone() -> None:
    """A workflow, a prompt, a comment, a C2PA manifest for other bytes, another label."""
    text = PngImagePlugin.PngInfo()
    text.add_text("workflow", '{"SECRET": 1}')
    text.add_itxt("XML:com.adobe.xmp", "<SECRET/>")
    flat = encode(quarters(), "PNG", pnginfo=text)
    manifest = png_chunk(b"caBX", b"SECRET")
    still = encode(quarters(), "WEBP", exif=exif(1), xmp=b"<SECRET/>")
    both = still + webp_chunk(b"C2PA", b"SECRET")
    jumbf = b"\xff\xeb\0\x08SECRET"
    photo = encode(quarters(), "JPEG", comment=b"SECRET", xmp=b"<SECRET/>", exif=exif(1))
    for data, mime in (
        (flat[:33] + manifest + flat[33:], "image/png"),
        (both[:4] + (len(both) - 8).to_bytes(4, "little") + both[8:], "image/webp"),
        (photo[:2] + jumbf + photo[2:], "image/jpeg"),
    ):
        assert b"SECRET" in data
        assert b"SECRET" not in holds(data, mime)


def test_an_animation_stays_one() -> None:
    """Each of its frames is compared."""
    with Image.open(BytesIO(holds(webps.animated(), "image/webp"))) as image:
        assert getattr(image, "n_frames", 1) > 1


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (16_383, 1), (1, 16_383)], ids=str)
@pytest.mark.parametrize("alpha", [255, 100])
@pytest.mark.parametrize("lossless", [False, True])
def test_a_simple_webp_is_extended_rightly(size: tuple[int, int], alpha: int, lossless: bool) -> None:
    image = Image.new("RGBA" if alpha < 255 else "RGB", size, (10, 200, 30, alpha)[: 4 if alpha < 255 else 3])
    made = holds(encode(image, "WEBP", lossless=lossless), "image/webp")
    assert made[12:16] == b"VP8X"
    assert bool(made[20] & 0x10) is (alpha < 255)
    assert (int.from_bytes(made[24:27], "little") + 1, int.from_bytes(made[27:30], "little") + 1) == size


@pytest.mark.parametrize("mime", ["image/gif", "image/avif", "image/heic", ""])
def test_what_models_do_not_make_has_no_label(mime: str) -> None:
    assert labelled(encode(quarters(), "JPEG"), mime) is None
    assert labelled(b"", mime) is None


@given(st.sampled_from(BROKEN), st.data())
def test_what_is_broken_raises_nothing(given_: tuple[str, bytes], data: st.DataObject) -> None:
    kind, whole = given_
    made = bytearray(whole)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=4)):
        made[at] = data.draw(st.integers(0, 255))
    cut = bytes(made[: data.draw(st.integers(0, len(whole)))])
    for broken in (bytes(made), cut):
        labels = labelled(broken, KINDS[kind])
        assert labels is None or labelled(labels, KINDS[kind]) == labels
