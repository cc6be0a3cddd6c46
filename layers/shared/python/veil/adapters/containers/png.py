"""PNG, chunk by chunk (W3C PNG, third edition)."""

import zlib
from collections.abc import Iterator
from typing import Any

from veil.adapters.containers import Plain, orientation_alone

MAGIC = b"\x89PNG\r\n\x1a\n"
NEEDED = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT"))
COLOURS = frozenset((b"iCCP", b"cICP", b"sRGB", b"gAMA", b"cHRM", b"sBIT", b"mDCV", b"cLLI"))
IEND = b"\0\0\0\0IEND\xaeB`\x82"
PIECE_BYTES = 2**20
ICC_BYTES = 2**22  # the largest of common use, of CMYK presses, have 2.5 MB
CICP_BYTES = 4  # primaries, transfer, matrix (none), full range
XMP_KEYWORD = b"XML:com.adobe.xmp\0"


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's type, start and end, up to the end of the image or of the file."""
    at = len(MAGIC)
    while at + 8 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], at, end
        if data[at + 4 : at + 8] == b"IEND":
            return
        at = end


def end(data: bytes) -> int | None:
    """Where the picture ends; None for half of one, though its chunks are closed: the pixels have their own end."""
    stream = zlib.decompressobj()
    for kind, start, finish in chunks(data):
        if kind == b"IEND":
            return finish if stream.eof and data[start:finish] == IEND else None
        if kind == b"IDAT" and not _passed(stream, data[start + 8 : finish - 4]):
            return None
    return None


def labelled(data: bytes, xmp: bytes) -> bytes | None:
    """The picture with this XMP, right behind its header; see `veil.adapters.containers.label`."""
    if end(data) is None:
        return None
    turned, kept = b"", []
    view = memoryview(data)  # megabytes are copied once
    for kind, start, finish in chunks(data):
        if kind in NEEDED or kind in COLOURS:
            kept.append((kind, view[start:finish]))
        elif kind == b"eXIf":
            turned = turned or orientation_alone(data[start + 8 : finish - 4])
    (first, header), *rest = kept
    if first != b"IHDR":
        return None
    exif = _chunk(b"eXIf", turned) if turned else b""
    text = _chunk(b"iTXt", XMP_KEYWORD + bytes(4) + xmp)  # not packed, in no language
    return b"".join([MAGIC, header, exif, text, *(part for _, part in rest), IEND])


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def _passed(stream: Any, packed: bytes) -> bool:
    """Unpack, and keep nothing."""
    try:
        while packed and not stream.eof:
            stream.decompress(packed, PIECE_BYTES)
            packed = stream.unconsumed_tail
    except zlib.error:
        return False
    return True


def plain(data: bytes) -> Plain:
    """An animation's still picture is its picture."""
    kept, wishes = [MAGIC], dict.fromkeys((b"eXIf", b"iCCP", b"cICP", b"iTXt"), b"")
    for kind, start, end in chunks(data):
        if kind in NEEDED:
            kept.append(data[start:end])
        elif kind in wishes and not wishes[kind]:
            body = data[start + 8 : end - 4]
            wishes[kind] = body if kind != b"iTXt" or body.startswith(XMP_KEYWORD) else b""
    colours = wishes[b"cICP"]
    return Plain(
        b"".join([*kept, IEND]),
        wishes[b"eXIf"],
        wishes[b"iTXt"],
        _profile(wishes[b"iCCP"]),
        (colours[0], colours[1]) if len(colours) == CICP_BYTES else None,
    )


def _profile(body: bytes) -> bytes:
    """Of a name, a zero, a method, and the packed profile."""
    packed = body[body.find(b"\0") + 2 :]
    try:
        return zlib.decompressobj().decompress(packed, ICC_BYTES)
    except zlib.error:
        return b""
