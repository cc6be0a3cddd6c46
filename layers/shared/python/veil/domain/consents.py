"""What a user has agreed to, and which texts there are to agree to.

The texts themselves stand in the app; a version names one. `docs/guides/app.md` says what each has to tell people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ConsentKind(StrEnum):
    THIRD_PARTY_AI = "third_party_ai"  # the photo goes to those who run and make the image models
    FACE_COMPARISON = "face_comparison"  # each image's face is compared with the photo's


VERSIONS: Mapping[ConsentKind, tuple[str, ...]] = {  # the newest first; none is ever taken away, records name them
    ConsentKind.THIRD_PARTY_AI: ("2026-11-26",),
    ConsentKind.FACE_COMPARISON: ("2026-11-26",),
}
# The law lets people refuse this one at no cost: https://www.law.go.kr, 개인정보 보호법 제23조.
NEVER_REQUIRED = frozenset({ConsentKind.FACE_COMPARISON})


@dataclass(frozen=True, slots=True)
class Consent:
    """One decision of a user about one version; ``id`` is that of its record, which never changes; ``at``, epoch
    seconds.
    """

    kind: ConsentKind
    id: str
    version: str
    granted: bool
    at: float

    @property
    def in_force(self) -> bool:
        """Only what was agreed to in its newest version: whoever agreed to an older one is asked again."""
        return self.granted and self.version == latest(self.kind)

    def says(self, version: str, *, granted: bool) -> bool:
        """Whether this decision is that one."""
        return (self.version, self.granted) == (version, granted)


type Consents = Mapping[ConsentKind, Consent]  # the last decision of each kind; no entry where there was none


def latest(kind: ConsentKind) -> str:
    return VERSIONS[kind][0]


def in_force(consents: Consents, kind: ConsentKind) -> Consent | None:
    """The consent of this kind, if there is one that counts."""
    consent = consents.get(kind)
    return consent if consent and consent.in_force else None


def missing(consents: Consents, required: Iterable[ConsentKind]) -> ConsentKind | None:
    """The first that is required and does not count."""
    return next((kind for kind in required if not in_force(consents, kind)), None)
