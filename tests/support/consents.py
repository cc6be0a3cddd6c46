"""What a client sends before its first photo."""

from operations import visit
from veil.domain.consents import ConsentKind, latest

AGREED = visit.decide(ConsentKind.THIRD_PARTY_AI, latest(ConsentKind.THIRD_PARTY_AI), granted=True)
