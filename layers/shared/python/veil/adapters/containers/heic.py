"""HEIC, box by box (ISO/IEC 14496-12 and 23008-12)."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from struct import Struct
from typing import Any

HEVC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
STILL_BRANDS = frozenset((b"mif1", b"mif2", b"msf1", b"miaf"))

CLAP = re.compile(rb"\0\0\0\x28clap(.{32})", re.DOTALL)
IROT = re.compile(rb"\0\0\0\x09irot(.)", re.DOTALL)
ITEM = re.compile(rb"(\0\0..)infe(.)", re.DOTALL)  # the length, name and version of an item's box
APERTURE = Struct(">8i")

type Box = tuple[int, int, int, int]  # left, top, right, bottom


def boxes(data: bytes, at: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Each box's type, and where its content starts and ends; the outermost ones of a file."""
    while at + 8 <= len(data):
        size, start = int.from_bytes(data[at : at + 4]), at + 8
        if size == 1:
            size, start = int.from_bytes(data[at + 8 : at + 16]), at + 16
        end = at + size if size else len(data)
        if end < start:
            return
        yield data[at + 4 : at + 8], start, min(end, len(data))
        at = end


def brands(data: bytes) -> list[bytes]:
    """The major brand, then those that the file is compatible with; empty for another kind of file."""
    kind, start, end = next(boxes(data), (b"", 0, 0))
    names = data[start : min(end, start + 1024)] if kind == b"ftyp" else b""
    return [names[at : at + 4] for at in (0, *range(8, len(names), 4)) if names]


def is_heic(data: bytes) -> bool:
    """Whether its pictures are coded in HEVC: by its brands, or, where those are of any still picture, by its items."""
    major, *compatible = brands(data) or [b""]
    if major in HEVC_BRANDS:
        return True
    return major in STILL_BRANDS and (not HEVC_BRANDS.isdisjoint(compatible) or b"hvcC" in _meta(data))


def exif_turn(data: bytes, info: Mapping[Any, Any]) -> int:
    """The orientation that EXIF alone asks for, as macOS has it: where no property of the picture turns it already, and
    the file does not claim MIAF, which leaves EXIF without a say. ``info`` is the decoder's.
    """
    meta = _meta(data)
    if b"miaf" in brands(data) or b"irot" in meta or b"imir" in meta:
        return 1
    return int(info.get("original_orientation") or 1)


def colours(info: Mapping[Any, Any]) -> tuple[int, int]:
    """The primaries and the transfer of a picture without an ICC profile (ITU-T H.273), 2 for what it does not say."""
    said = info.get("nclx_profile") or {}
    return said.get("color_primaries", 2), said.get("transfer_characteristics", 2)


def with_plain_names(data: bytes) -> bytes:
    """The same file, in which items whose type or names (ISO/IEC 14496-12, §8.11.6) are no UTF-8 are called something
    plain: they mean nothing to us, and pi_heif 1.4.0 ends the process at some of them.
    """
    made = None
    start, end = _meta_place(data)
    for item in ITEM.finditer(data, start, end):
        length, version = int.from_bytes(item[1]), item[2][0]
        first, last = item.end() + (9 if version == 3 else 7), min(item.start() + length, end)
        try:
            data[first:last].decode()
        except UnicodeDecodeError:
            made = made or bytearray(data)
            made[first:last] = data[first:last].decode("ascii", "replace").encode("ascii", "replace")
    return bytes(made) if made else data


def without_crop(data: bytes) -> bytes:
    """The same file, whose clean aperture goes by a name that says nothing: libheif 1.23.0, in pi-heif 1.4.0, takes its
    area for the most that the picture may have, and refuses it. `crop` does it instead.
    """
    return CLAP.sub(b"\0\0\0(free\\1", data) if CLAP.search(_meta(data)) else data


def crop(data: bytes, width: int, height: int) -> tuple[Box, int] | None:
    """What of a picture of this size its clean aperture shows (ISO/IEC 14496-12, §12.1.4), and by how many quarters it
    stands turned to the left by then; None where it has none, or one that is not within it.

    ``width`` and ``height`` are those of the decoded, turned picture; the box is of the one before the turn.
    """
    meta = _meta(data)
    found, turned = CLAP.findall(meta), IROT.search(meta)
    if len(found) != 1 or b"imir" in meta:
        return None
    quarters = turned[1][0] & 3 if turned else 0
    across, down = (height, width) if quarters % 2 else (width, height)
    numbers = APERTURE.unpack(found[0])
    if min(numbers[:4]) <= 0 or min(numbers[5], numbers[7]) <= 0:
        return None
    wide, high, right, low = (Fraction(*numbers[at : at + 2]) for at in (0, 2, 4, 6))
    left, top = round((across - wide) / 2 + right), round((down - high) / 2 + low)
    box = left, top, left + round(wide), top + round(high)
    inside = 0 <= left < box[2] <= across and 0 <= top < box[3] <= down
    return (box, quarters) if inside else None


def _meta(data: bytes) -> bytes:
    start, end = _meta_place(data)
    return data[start:end]


def _meta_place(data: bytes) -> tuple[int, int]:
    return next(((start, end) for kind, start, end in boxes(data) if kind == b"meta"), (0, 0))
