"""What a test attaches to a photo: PNG text, broken EXIF, the ICC profile of a CMYK press of four made-up inks."""

from itertools import product

from PIL import Image, PngImagePlugin

from local.photos.make import RED, encode, exif
from local.photos.profiles import fixed, profile

# CIELAB of the press's inks alone; the made-up press prints two inks as their mean, and any with black as black.
INKS = {"C": (60, -20, -30), "M": (50, 45, -5), "Y": (85, 0, 60)}
PAPER, BLACK = (100, 0, 0), (15, 0, 0)


def png_text() -> PngImagePlugin.PngInfo:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET-COMMENT")
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>SECRET-XMP</x:xmpmeta>")
    return text


def broken_exif(at: int, value: int) -> bytes:
    """A JPEG that lies on its side, with one wrong byte in its EXIF, after the entry of the orientation."""
    block = exif(6).tobytes()
    whole = encode(Image.new("RGB", (300, 400), RED), "JPEG", exif=block)
    first = whole.index(b"\x01\x12\0\x03") + 12  # an entry's length
    return whole[: first + at] + bytes([value]) + whole[first + at + 1 :]


def _printed(inks: tuple[int, ...]) -> tuple[float, float, float]:
    *colours, black = inks
    if black:
        return BLACK
    laid = [lab for lab, on in zip(INKS.values(), colours, strict=True) if on] or [PAPER]
    light, a, b = (sum(values) / len(laid) for values in zip(*laid, strict=True))
    return light, a, b


def cmyk_press() -> bytes:
    """A table of the sixteen corners of CMYK (lut8Type): L* as 0–255, a* and b* off by 128."""
    corners = (_printed(inks) for inks in product((0, 1), repeat=4))
    table = b"".join(bytes((round(light * 2.55), round(a + 128), round(b + 128))) for light, a, b in corners)
    identity = fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    ramp = bytes(range(256))
    lut = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + ramp * 4 + table + ramp * 3
    return profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut, b"A2B1": lut, b"A2B2": lut})
