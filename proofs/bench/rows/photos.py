"""The check of a photo."""

from collections.abc import Iterator

from proofs.bench.photo import samples
from proofs.bench.row import Row, measured

KINDS = {"24 megapixels": False, "24 megapixels, on its side, with a colour profile": True}


def photos(turns: int) -> Iterator[Row]:
    """A JPEG, from its bytes to the small one; and what memory it takes at its peak."""
    for kind, profile in KINDS.items():
        taken = samples(profile, turns)
        ours = taken["ours"]
        for other, its in taken.items():
            if its is not ours:
                name = f"check of a photo of {kind}"
                yield measured(name, other, ours.seconds, its.seconds, unit="s", limit=1.15)
        name, what = f"memory of that check: {kind}", "sharp's process; ours are two"
        yield Row(name, what, ours.peak / 1e6, taken["sharp"].peak / 1e6, "MB", limit=0.6)
