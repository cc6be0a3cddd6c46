"""Image files, part by part, in plain Python: what their pixels need, what they wish, where they end."""

import re
from dataclasses import dataclass

XMP_ORIENTATION = re.compile(rb"tiff:Orientation(?:=[\"']|>)\s*([1-8])")
ORIENTATION_TAG = 0x0112


@dataclass(frozen=True, slots=True)
class Plain:
    """``data`` is a whole file of the same format, of nothing but its pixels. The rest are wishes, as they stood in the
    file: each may be broken, absurd or empty, and none decides whether the photo is read.
    """

    data: bytes
    exif: bytes = b""  # a TIFF, perhaps behind "Exif\0\0"
    xmp: bytes = b""
    icc: bytes = b""
    colours: tuple[int, int] | None = None  # primaries and transfer, by the numbers of ITU-T H.273; they overrule ICC

    @property
    def orientation(self) -> int:
        """1 to 8, as EXIF numbers them: EXIF's word, else XMP's, else 1."""
        found = XMP_ORIENTATION.search(self.xmp)
        return exif_orientation(self.exif) or (int(found[1]) if found else 1)


def exif_orientation(block: bytes) -> int | None:
    """The orientation in the first directory of a TIFF 6.0; None where there is none that can be read."""
    tiff = block.removeprefix(b"Exif\0\0")
    if tiff[:4] == b"II*\0":
        order = "little"
    elif tiff[:4] == b"MM\0*":
        order = "big"
    else:
        return None

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)  # type: ignore[arg-type]  # one of the two

    first = number(4, 4) + 2
    for entry in range(first, first + 12 * number(first - 2, 2), 12):
        if number(entry, 2) == ORIENTATION_TAG and entry + 10 <= len(tiff):
            value = number(entry + 8, 2)
            return value if 1 <= value <= 8 else None
    return None


def orientation_alone(exif: bytes) -> bytes:
    """A TIFF of nothing but this block's orientation; empty where it does not turn the picture."""
    orientation = exif_orientation(exif) or 1
    if orientation == 1:
        return b""
    entry = b"".join(value.to_bytes(size, "little") for value, size in ((ORIENTATION_TAG, 2), (3, 2), (1, 4)))
    return b"II*\0\x08\0\0\0\1\0" + entry + orientation.to_bytes(4, "little") + bytes(4)
