"""Whether others are told of what has ended, and soon."""

from collections.abc import Iterator

from operations.audit.finding import Finding, Rule, utc
from operations.audit.holdings import Holdings
from operations.audit.work import ENDS_WITHIN_SECONDS, SWEPT_WITHIN_SECONDS, listed
from veil.domain.generation import Generation


def event_findings(holdings: Holdings, now: float) -> Iterator[Finding]:
    """Of an event that is to be told, by its partition: the sweep hands it over until it is, and then it is gone."""
    owed = holdings.event
    if owed is None or not owed.stands:
        return
    if owed.owed_at is None:
        yield Finding(holdings.user, None, Rule.MALFORMED, "no event")
        return
    yield from listed(holdings.user, owed.due_at, now, "an event that is to be told", must=True)
    if now - owed.owed_at > SWEPT_WITHIN_SECONDS:
        yield Finding(holdings.user, None, Rule.UNTOLD, f"to be told since {utc(owed.owed_at)}")


def untold(generation: Generation, now: float) -> Iterator[Finding]:
    """Of a generation that has finished: it stands on the work list until its end was told. Where the last two images
    were settled at once, a sweep sees that at the generation's next date, which is the deadline at the latest.
    """
    if not generation.unannounced or generation.finished_at is None:
        return
    if generation.due_at is None:
        detail = "finished, its end was told to nobody, and no sweep will look at it"
        yield Finding(generation.user, generation.id, Rule.UNTOLD, detail)
    elif now - generation.created_at > ENDS_WITHIN_SECONDS and now - generation.finished_at > SWEPT_WITHIN_SECONDS:
        detail = f"finished at {utc(generation.finished_at)}, and its end is not told yet"
        yield Finding(generation.user, generation.id, Rule.UNTOLD, detail)
