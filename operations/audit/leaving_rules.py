"""Whether of who has left nothing is left, and what is kept without a name has none, and goes in time."""

from collections.abc import Iterator

from operations.audit.finding import Finding, Rule, utc
from operations.audit.holdings import Holdings, Tombstone
from operations.audit.work import listed

ERASED_WITHIN_SECONDS = 24 * 3600
TTL_SECONDS = 3 * 24 * 3600  # DynamoDB clears away within two days, as a rule
RETAINED = {  # of an order that the law keeps: what it may have
    *("pk", "sk", "order_id", "kind", "status", "credits", "amount", "created_at", "paid_at"),
    *("refunded_credits", "refunded_amount", "refunds", "expires_at", "written_by"),
}


def leaving_findings(holdings: Holdings, now: float) -> Iterator[Finding]:
    """Of a tombstone, and of what is kept apart."""
    if holdings.tombstone:
        yield from _of_tombstone(holdings, holdings.tombstone, now)
    if holdings.apart:
        named = {*holdings.apart.attributes} - RETAINED
        if holdings.user.startswith("RETAINED#") and named:
            yield Finding(holdings.user, None, Rule.RETAINED_NAMED, f"has {', '.join(sorted(named))}")
        yield from _late(holdings.user, holdings.apart.expires_at, now)


def _of_tombstone(holdings: Holdings, stone: Tombstone, now: float) -> Iterator[Finding]:
    user = holdings.user
    if stone.expires_at is None:
        yield from listed(user, stone.due_at, now, "being erased", must=True)
        if now - stone.erased_at > ERASED_WITHIN_SECONDS:
            yield Finding(user, None, Rule.OVERDUE, f"being erased since {utc(stone.erased_at)}")
        return
    yield from listed(user, stone.due_at, now, "erased, to be looked at once more", must=False)
    if stone.due_at is not None:  # what came late is still looked for
        return
    if stone.others:
        yield Finding(user, None, Rule.ERASED_WITH_ITEMS, ", ".join(stone.others[:5]))
    for key in holdings.objects:
        yield Finding(user, None, Rule.OBJECT_STRAY, f"{key}: of one who has left")
    yield from _late(user, stone.expires_at, now)


def _late(user: str, expires_at: float | None, now: float) -> Iterator[Finding]:
    if expires_at is None or expires_at + TTL_SECONDS < now:
        when = "for ever" if expires_at is None else f"since {utc(expires_at)}"
        yield Finding(user, None, Rule.KEPT_TOO_LONG, f"should be gone {when}")
