"""Whether what must go on is on the work list, and whether the sweep comes to it."""

from collections.abc import Iterator

from operations.audit.finding import Finding, Rule, utc

ENDS_WITHIN_SECONDS = 3600  # the promise: Replicate deletes its outputs after an hour
SWEPT_WITHIN_SECONDS = 900  # the sweep comes every minute; what is due for longer is not being swept


def listed(
    user: str, due_at: float | None, now: float, what: str, *, must: bool, order: str | None = None
) -> Iterator[Finding]:
    """What ``must`` go on has a due date; and whatever has one is not past it for long."""
    if due_at is None:
        if must:
            yield Finding(user, None, Rule.OFF_THE_LIST, f"{what}, and no sweep will look at it", order)
    elif now - due_at > SWEPT_WITHIN_SECONDS:
        yield Finding(user, None, Rule.UNSWEPT, f"{what}, due since {utc(due_at)}", order)
