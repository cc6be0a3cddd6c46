"""Whether faces were compared with consent alone, and nobody was given an image of somebody else.

Whether a stored image carries its label is not asked here: every image would have to be read for that.
"""

from collections.abc import Iterator

from operations.audit.finding import Finding, Rule
from operations.audit.holdings import Holdings
from veil.domain.consents import ConsentKind
from veil.domain.generation import Generation


def likeness_findings(holdings: Holdings, generation: Generation) -> Iterator[Finding]:
    """Scores are judged by the threshold that stands beside each, whatever the stage's has become since."""
    user = holdings.user
    for image in generation.images:
        likeness = image.output and image.output.likeness
        if likeness and not likeness.passes:
            detail = f"image {image.index}: {likeness.faces} faces, score {likeness.score} of {likeness.threshold}"
            yield Finding(user, generation.id, Rule.UNLIKE_STORED, detail)
    scores = sum(1 for _ in _scores(generation))
    if scores and not _agreed(holdings, generation.face_consent):
        detail = f"{scores} scores, and the consent is {generation.face_consent or 'none'}"
        yield Finding(user, generation.id, Rule.SCORE_WITHOUT_CONSENT, detail)


def _scores(generation: Generation) -> Iterator[int]:
    """Of what was stored, and of the attempts that showed somebody else."""
    for image in generation.images:
        stored = [image.output.likeness] if image.output and image.output.likeness else []
        for likeness in (*stored, *image.unlike.values()):
            if likeness.score is not None:
                yield likeness.score


def _agreed(holdings: Holdings, consent_id: str | None) -> bool:
    """A record never changes, so one that grants did so when the generation was reserved with it."""
    consent = holdings.consents.get(consent_id or "")
    return consent is not None and consent.granted and consent.kind is ConsentKind.FACE_COMPARISON
