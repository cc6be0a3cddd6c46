"""A photo's colours in sRGB: by its ICC profile, or by the numbers of ITU-T H.273 that HEIC (`nclx`) and PNG have."""

from functools import cache
from io import BytesIO
from math import exp
from struct import pack

from PIL import Image, ImageCms

SRGB = ImageCms.createProfile("sRGB")
BT709, BT2020, DISPLAY_P3 = 1, 9, 12  # colour primaries
LINEAR, PQ, HLG = 8, 16, 18  # transfer characteristics; any other is shown as sRGB's
# The XYZ of their red, green and blue, adapted to D50 as profiles have them (Bradford).
COLORANTS = {
    BT709: ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    BT2020: ((0.67346, 0.27903, -0.00194), (0.16566, 0.67534, 0.02998), (0.12510, 0.04563, 0.79686)),
    DISPLAY_P3: ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
}
D50 = (0.9642, 1.0, 0.8249)
WHITE_NITS = 203.0  # of a sheet of white in an HDR picture (ITU-R BT.2408), which becomes sRGB's white
POINTS = 4096  # of a tone curve


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """By the photo's own profile (Display P3, CMYK), where it has one that can be read."""
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):  # of another colour space, or broken: take the pixels as they are
            return image.convert("RGB")
    return image.convert("RGB") if image.mode == "CMYK" else image


@cache
def profile_of(primaries: int, transfer: int) -> bytes | None:
    """An ICC profile of what these numbers of H.273 say, with HDR mapped to SDR in its tone curve; None for what is
    shown as sRGB.

    Each of red, green and blue is mapped for itself, and what is brighter than white is cut off: plain, and exact for
    all that an SDR picture can show.
    """
    if primaries not in (BT2020, DISPLAY_P3) and transfer not in (LINEAR, PQ, HLG):
        return None
    values = (round(65_535 * min(1.0, _light(transfer, point / (POINTS - 1)))) for point in range(POINTS))
    curve = b"curv\0\0\0\0" + pack(f">I{POINTS}H", POINTS, *values)
    red, green, blue = COLORANTS.get(primaries, COLORANTS[BT709])
    tags = {b"wtpt": D50, b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue}
    blocks = {
        name: b"XYZ \0\0\0\0" + b"".join(pack(">i", round(65_536 * v)) for v in xyz) for name, xyz in tags.items()
    }
    blocks |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return _packed(blocks)


def _light(transfer: int, code: float) -> float:
    """Light for a code of 0 to 1, white being 1 (ITU-R BT.2100; IEC 61966-2-1)."""
    if transfer == PQ:
        root = code ** (32 / 2523)
        share = (max(root - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * root)) ** (16_384 / 2610)
        return float(10_000 / WHITE_NITS * share)
    if transfer == HLG:  # on a display of 1000 nits, whose gamma is 1.2
        scene = code * code / 3 if code <= 0.5 else (exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12
        return float(1000 / WHITE_NITS * scene**1.2)
    if transfer == LINEAR:
        return code
    return code / 12.92 if code <= 0.04045 else float(((code + 0.055) / 1.055) ** 2.4)


def _packed(blocks: dict[bytes, bytes]) -> bytes:
    """Version 2 for a display (ICC.1:2001-04); tags of the same bytes share them."""
    stored = dict.fromkeys(blocks.values(), 0)
    at = 132 + 12 * len(blocks)
    for block in stored:
        stored[block], at = at, at + len(block)
    table = b"".join(pack(">4sII", name, stored[block], len(block)) for name, block in blocks.items())
    head = pack(">I4sI4s4s4s", at, bytes(4), 0x0210_0000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp"
    white = b"".join(pack(">i", round(65_536 * value)) for value in D50)
    return head.ljust(68, b"\0") + white + bytes(48) + pack(">I", len(blocks)) + table + b"".join(stored)
