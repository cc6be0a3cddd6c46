"""WebP, chunk by chunk (RFC 9649)."""

from collections.abc import Iterator

from veil.adapters.containers import Plain, orientation_alone

NEEDED = frozenset((b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"))
VP8_START, VP8L_START = b"\x9d\x01\x2a", b"\x2f"
ALPHA, ICC, EXIF, XMP = 0x10, 0x20, 0x08, 0x04  # flags of VP8X
VP8X_BYTES = 10
PIXEL_FLAGS = 0x12  # of VP8X: alpha, animation; the others announce what is taken out


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's type, start and end, the padding byte included, within the RIFF."""
    at, last = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= last:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        yield data[at : at + 4], at, end
        at = end


def end(data: bytes) -> int | None:
    """Where the picture ends; None where one of its chunks, or the whole, is cut."""
    last = 8 + int.from_bytes(data[4:8], "little")
    ends = [finish for _, _, finish in chunks(data)]
    return last if ends and ends[-1] <= last + 1 and last <= len(data) else None


def plain(data: bytes) -> Plain:
    kept, wishes = [b"WEBP"], dict.fromkeys((b"EXIF", b"XMP ", b"ICCP"), b"")
    for kind, start, end in chunks(data):
        if kind == b"VP8X":
            kept.append(data[start : start + 8] + bytes([data[start + 8 : start + 9].ljust(1)[0] & PIXEL_FLAGS]))
            kept.append(data[start + 9 : end])
        elif kind in NEEDED:
            kept.append(data[start:end])
        elif kind in wishes and not wishes[kind]:
            wishes[kind] = data[start + 8 : end]
    body = b"".join(kept)
    whole = b"RIFF" + len(body).to_bytes(4, "little") + body
    return Plain(whole, wishes[b"EXIF"], wishes[b"XMP "], wishes[b"ICCP"])


def labelled(data: bytes, xmp: bytes) -> bytes | None:
    """The picture with this XMP; a simple file becomes an extended one. See `veil.adapters.containers.label`."""
    if end(data) is None:
        return None
    extended, turned, profile, kept = b"", b"", b"", []
    view = memoryview(data)  # megabytes are copied once
    for kind, start, finish in chunks(data):
        if kind == b"VP8X":
            extended = extended or data[start + 8 : finish]
        elif kind == b"ICCP":
            profile = profile or data[start:finish]
        elif kind == b"EXIF":
            turned = turned or orientation_alone(data[start + 8 : finish])
        elif kind in NEEDED:
            kept.append(view[start:finish])
            extended = extended or _extended(kind, data[start + 8 : start + 18])
    if len(extended) < VP8X_BYTES or not kept:
        return None
    flags = extended[0] & PIXEL_FLAGS | XMP | (ICC if profile else 0) | (EXIF if turned else 0)
    head = _chunk(b"VP8X", bytes([flags]) + bytes(3) + extended[4:VP8X_BYTES])
    tail = (_chunk(b"EXIF", turned) if turned else b"") + _chunk(b"XMP ", xmp)
    parts = [b"WEBP", head, _even(profile), *map(_even, kept), tail]
    return b"".join([b"RIFF", sum(map(len, parts)).to_bytes(4, "little"), *parts])


def _extended(kind: bytes, head: bytes) -> bytes:
    """What VP8X has to say of a simple file, by the first ten bytes of its picture; empty where they are none."""
    if kind == b"VP8 " and head[3:6] == VP8_START:
        lengths = [int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8)]
        return bytes(4) + b"".join((length - 1).to_bytes(3, "little") for length in lengths if length)
    if kind == b"VP8L" and head[:1] == VP8L_START:
        bits = int.from_bytes(head[1:5], "little")  # two sides less one in 14 bits each, then: whether alpha is used
        sides = (bits & 0x3FFF, bits >> 14 & 0x3FFF)
        flags = ALPHA if bits >> 28 & 1 else 0
        return bytes([flags, 0, 0, 0]) + b"".join(side.to_bytes(3, "little") for side in sides)
    return b""


def _chunk(kind: bytes, body: bytes) -> bytes:
    return bytes(_even(kind + len(body).to_bytes(4, "little") + body))


def _even(part: bytes | memoryview) -> bytes | memoryview:
    """With the padding that the last chunk of a file may lack."""
    return bytes(part) + b"\0" if len(part) % 2 else part
