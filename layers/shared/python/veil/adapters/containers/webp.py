"""WebP, chunk by chunk (RFC 9649)."""

from collections.abc import Iterator

from veil.adapters.containers import Plain

NEEDED = frozenset((b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"))
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
