"""One photo of the corpus, and what must become of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from local.photos.make import BLUE, GREEN, RED, WHITE
from veil.domain.uploads import Reason

READY = "ready"
TOO_LARGE, TOO_SMALL = Reason.IMAGE_TOO_LARGE.value, Reason.IMAGE_TOO_SMALL.value
UNREADABLE, NOT_AN_IMAGE = Reason.UNREADABLE_IMAGE.value, Reason.NOT_AN_IMAGE.value
MISMATCH = Reason.TYPE_MISMATCH.value

type Colour = tuple[int, int, int]
type Make = Callable[[], bytes]
type Corners = tuple[Colour, Colour, Colour, Colour]
QUARTERS: Corners = (RED, GREEN, BLUE, WHITE)  # of `make.quarters`, upright

SECRET = b"SECRET"  # stands in all that is attached to a photo, and in no pixel


def even(colour: Colour) -> Corners:
    """A photo of one colour."""
    return (colour, colour, colour, colour)


@dataclass(frozen=True)
class Case:
    """``make`` gives the bytes, declared as ``content_type``; the check must end as one of ``ends``: ready, or the
    reason of the refusal. ``corners``: colours that the result must show, top left, top right, bottom left, bottom
    right. A ``bomb`` is only to be read where memory and time are bounded.
    """

    name: str
    content_type: str
    make: Make
    ends: tuple[str, ...] = (READY,)
    corners: Corners | None = None
    bomb: bool = False


def cases_of(
    kind: str,
    content_type: str,
    well: Mapping[str, tuple[Make, Corners | None]],
    refused: Mapping[str, tuple[Make, str]],
    bombs: Mapping[str, tuple[Make, str]],
) -> Iterator[Case]:
    """A format's cases from its tables: with each name what makes the photo, and its corners or why it is refused."""
    for name, (make, corners) in well.items():
        yield Case(f"{kind}-{name}", content_type, make, corners=corners)
    for name, (make, reason) in {**refused, **bombs}.items():
        yield Case(f"{kind}-{name}", content_type, make, (reason,), bomb=name in bombs)
