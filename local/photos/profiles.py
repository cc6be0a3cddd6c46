"""ICC profiles, byte by byte (ICC.1:2010): Display P3, as Apple's phones attach it."""

from struct import pack

# Published with Display P3, adapted to D50: the XYZ of its red, green and blue; and its tone curve, which is sRGB's.
P3_COLORANTS = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
D50 = (0.9642, 1.0, 0.8249)


def fixed(*values: float) -> bytes:
    return b"".join(pack(">i", round(value * 65536)) for value in values)


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + fixed(*values)


def _text(text: str) -> bytes:
    return b"mluc\0\0\0\0" + pack(">II2s2sII", 1, 12, b"en", b"US", 2 * len(text), 28) + text.encode("utf-16-be")


def profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A version 4 profile (ICC.1:2010, §7): header, tag table, tags on four-byte boundaries."""
    tags = {b"desc": _text("test"), b"cprt": _text("CC0"), b"wtpt": _xyz(D50), **tags}
    table, data, offset = pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, value in tags.items():
        table += name + pack(">II", offset + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    head = pack(">I4sI4s4s4s", offset + len(data), b"\0" * 4, 0x04200000, kind, space, connection) + bytes(12) + b"acsp"
    return head.ljust(68, b"\0") + fixed(*D50) + bytes(48) + table + data


def display_p3() -> bytes:
    curve = b"para\0\0\0\0" + pack(">HH", 3, 0) + fixed(*SRGB_CURVE)
    colorants = {name: _xyz(xyz) for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), P3_COLORANTS, strict=True)}
    return profile(b"mntr", b"RGB ", b"XYZ ", {**colorants, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})
