"""The person's language, from the request's ``Accept-Language`` (RFC 9110, sections 12.4.2 and 12.5.4)."""

import re

from veil.domain.language import DEFAULT_LANGUAGE, Language

RANGE = re.compile(
    r"[ \t]*(?P<range>\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)"
    r"(?:[ \t]*;[ \t]*q=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?[ \t]*",
    re.IGNORECASE,
)
UNNAMED, REFUSED = 0.0, -1.0  # a language that is not named is still better than one that is refused


def preferred_language(accept_language: str) -> Language:
    """The language with the greatest weight; Korean where none is greater. What breaks the grammar is left out."""
    weights: dict[str, float] = {}
    for part in accept_language.split(","):
        if found := RANGE.fullmatch(part):
            name = found["range"].lower().partition("-")[0]
            weight = float(found["weight"] or 1) or REFUSED
            weights[name] = max(weight, weights.get(name, REFUSED))
    others = weights.get("*", UNNAMED)
    by_preference = sorted(Language, key=lambda each: each is not DEFAULT_LANGUAGE)  # of equals, max takes the first
    return max(by_preference, key=lambda each: weights.get(each, others))
