"""The person's language, from the request's ``Accept-Language`` (RFC 9110, sections 12.4.2 and 12.5.4)."""

from veil.domain.language import DEFAULT_LANGUAGE, Language

BLANKS = " \t"
UNNAMED, REFUSED = 0.0, -1.0  # a language that is not named is still better than one that is refused


def preferred_language(accept_language: str) -> Language:
    """The language with the greatest weight; Korean where none is greater. What has no proper weight is left out."""
    weights: dict[str, float] = {}
    for part in accept_language.lower().split(","):
        name, semicolon, parameter = part.partition(";")
        weight = _weight(parameter.strip(BLANKS)) if semicolon else 1.0
        if weight is not None:
            primary = name.strip(BLANKS).partition("-")[0]
            weights[primary] = max(weight or REFUSED, weights.get(primary, REFUSED))
    others = weights.get("*", UNNAMED)
    by_preference = sorted(Language, key=lambda each: each is not DEFAULT_LANGUAGE)  # of equals, max takes the first
    return max(by_preference, key=lambda each: weights.get(each, others))


def _weight(parameter: str) -> float | None:
    """The number of ``q=0.5``: from 0 to 1, with three decimals at most."""
    name, _, value = parameter.partition("q=")
    whole, _, decimals = value.partition(".")
    if name or whole not in ("0", "1") or len(decimals) > 3 or not f"0{decimals}".isdecimal() or not value.isascii():
        return None
    weight = float(value)
    return weight if weight <= 1 else None
