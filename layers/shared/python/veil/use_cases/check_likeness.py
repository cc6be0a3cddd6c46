"""Compare an output's face with the photo's, for users who agreed to that."""

from dataclasses import dataclass, replace

from veil.domain.consents import ConsentKind, in_force
from veil.domain.deadlines import Policy
from veil.domain.generation import Generation, StoredOutput
from veil.domain.likeness import FaceComparison, Likeness, MatcherUnavailable, NotComparable
from veil.domain.outcomes import UNLIKE, Failure
from veil.domain.ports import Clock, ConsentBook, FaceMatcher, OutputCheck, Telemetry


@dataclass(frozen=True)
class CheckLikeness(OutputCheck):
    """``least``: the score, 0–100, that an output needs; 0 records and decides nothing."""

    consents: ConsentBook
    matcher: FaceMatcher
    least: int
    policy: Policy
    clock: Clock
    telemetry: Telemetry

    def __call__(self, generation: Generation, data: bytes, output: StoredOutput) -> Failure | Likeness | None:
        """None without a consent that is in force now. Raises `MatcherUnavailable` while there is time to come again,
        and `BadOutput` for what is no picture.
        """
        if generation.face_consent is None or not self._agreed(generation.user):
            return None
        try:
            found = self.matcher.compare(generation.input_key, data, output.content_type)
        except NotComparable as error:
            return self._unchecked(generation, error)
        except MatcherUnavailable as error:
            self.telemetry.count("MatcherFailures")
            if not self.policy.out_of_time(generation, self.clock()):
                raise
            return self._unchecked(generation, error)
        return self._judged(found)

    def _agreed(self, user: str) -> bool:
        return in_force(self.consents.of(user), ConsentKind.FACE_COMPARISON) is not None

    def _judged(self, found: FaceComparison) -> Failure | Likeness:
        score = int(found.similarity or 0)  # rounded down: what is shown as 80 is no less
        likeness = Likeness(self.matcher.name, self.least, score, found.faces)
        self.telemetry.count("OutputsCompared")
        if likeness.passes:
            return likeness
        self.telemetry.count("OutputsUnlike")
        return replace(UNLIKE, likeness=likeness)

    def _unchecked(self, generation: Generation, error: Exception) -> Likeness:
        self.telemetry.count("OutputsUnchecked")
        self.telemetry.log("likeness not checked", **generation.log_ids, why=str(error))
        return Likeness(self.matcher.name, self.least)
