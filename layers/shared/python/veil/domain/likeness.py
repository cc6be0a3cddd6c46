"""Is the person in an image the one in the photo? What is asked, what is found, and what is kept of it: a number."""

from dataclasses import dataclass
from enum import StrEnum


class LikenessStatus(StrEnum):
    VERIFIED = "verified"
    UNCHECKED = "unchecked"  # nobody could compare it in time


@dataclass(frozen=True, slots=True)
class FaceComparison:
    """What a matcher sees in an output: how many faces, and how alike the likest of them is to the photo's, 0–100."""

    faces: int
    similarity: float | None  # None where there is no face


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was found of one output, by whom, and the least score that would do. ``score`` and ``faces`` are None where
    it could not be compared. ``threshold`` 0: it is only recorded, and decides nothing.
    """

    matcher: str
    threshold: int
    score: int | None = None
    faces: int | None = None

    @property
    def passes(self) -> bool:
        """Exactly one face, and alike enough; what could not be compared passes."""
        if self.threshold == 0 or self.score is None:
            return True
        return self.faces == 1 and self.score >= self.threshold

    @property
    def status(self) -> LikenessStatus | None:
        """What its user is told; None where nothing was promised."""
        if self.threshold == 0:
            return None
        return LikenessStatus.UNCHECKED if self.score is None else LikenessStatus.VERIFIED


class MatcherUnavailable(Exception):
    """The matcher did not answer, or refused us; it may do so later."""


class NotComparable(Exception):
    """The matcher can't compare this, and will not later: the photo is gone, or the output is of a kind or size that it
    does not take.
    """
