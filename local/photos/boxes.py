"""HEIF containers, box by box (ISO/IEC 14496-12 and 23008-12): what no encoder would write."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import pack, unpack_from

from PIL import Image

from local.photos.make import encode


@dataclass(frozen=True)
class Item:
    """``properties``: numbers in the container's list, from 1; ``refers``: the items it is derived from, or that it is
    ``by`` another tie to; ``names``: what follows its type.
    """

    kind: bytes
    data: bytes
    properties: Sequence[int] = ()
    refers: Sequence[int] = ()
    by: bytes = b"dimg"
    names: bytes = b"\0"


def box(name: bytes, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return pack(">I4s", len(data) + 8, name) + data


def full(name: bytes, version: int, *parts: bytes) -> bytes:
    return box(name, pack(">I", version << 24), *parts)


def container(items: dict[int, Item], properties: Sequence[bytes], primary: int = 1) -> bytes:
    """A whole file; items of the same bytes share them."""
    stored = dict.fromkeys(item.data for item in items.values())
    head = box(b"ftyp", b"heic", bytes(4), b"mif1", b"heic")
    at = len(head) + len(_meta(items, properties, primary, dict.fromkeys(stored, 0))) + 8
    places = {}
    for data in stored:
        places[data] = at
        at += len(data)
    return head + _meta(items, properties, primary, places) + box(b"mdat", *stored)


def _meta(items: dict[int, Item], properties: Sequence[bytes], primary: int, places: dict[bytes, int]) -> bytes:
    count = pack(">H", len(items))
    infos = (full(b"infe", 2, pack(">HH4s", key, 0, item.kind), item.names) for key, item in items.items())
    uses = (pack(">HB", key, len(item.properties)) + bytes(item.properties) for key, item in items.items())
    extents = (pack(">HHHII", key, 0, 1, places[item.data], len(item.data)) for key, item in items.items())
    references = (
        box(item.by, pack(">IH", key, len(item.refers)), *(pack(">I", to) for to in item.refers))
        for key, item in items.items()
        if item.refers
    )
    return full(
        b"meta",
        0,
        full(b"hdlr", 0, bytes(4) + b"pict" + bytes(13)),
        full(b"pitm", 0, pack(">H", primary)),
        full(b"iloc", 0, b"\x44\x00", count, *extents),
        full(b"iinf", 0, count, *infos),
        full(b"iref", 1, *references),
        box(b"iprp", box(b"ipco", *properties), full(b"ipma", 0, pack(">I", len(items)), *uses)),
    )


def size(width: int, height: int) -> bytes:
    """The property that says how large an item is."""
    return full(b"ispe", 0, pack(">II", width, height))


def grid(rows: int, columns: int, width: int, height: int) -> bytes:
    return bytes((0, 1, rows - 1, columns - 1)) + pack(">II", width, height)


def overlay(count: int, width: int, height: int) -> bytes:
    """``count`` pictures upon each other, on opaque black."""
    return bytes((0, 1)) + pack(">4HII", 0, 0, 0, 65_535, width, height) + bytes(8) * count


def coded(image: Image.Image) -> tuple[bytes, bytes]:
    """Its decoder's configuration, as a property, and its bytes."""
    found = dict(_boxes(encode(image, "HEIF", quality=90)))
    return box(b"hvcC", found[b"hvcC"]), found[b"mdat"]


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """All of them, the inner ones too."""
    at = 0
    while at < len(data):
        length, name = unpack_from(">I4s", data, at)
        inside = data[at + 8 : at + length]
        yield name, inside
        if name in (b"meta", b"iprp", b"ipco"):
            yield from _boxes(inside[4:] if name == b"meta" else inside)
        at += length
