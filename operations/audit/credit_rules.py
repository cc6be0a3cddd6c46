"""Whether every credit is somewhere: a user's balance, entries, orders and generations say the same.

granted + purchased + restored − withdrawn = available + held + captured
withdrawn − restored + owed = what the orders had taken back + what is being refunded
"""

from collections import defaultdict
from collections.abc import Iterator

from operations.audit.finding import Finding, Rule
from operations.audit.holdings import Holdings
from veil.domain.credits import Entry, EntryKind
from veil.domain.generation import ImageStatus
from veil.domain.ids import is_id
from veil.domain.order_refunds import RefundStatus
from veil.domain.orders import OrderKind

ENTRY_OF = {OrderKind.PACK: EntryKind.PURCHASE, OrderKind.RENEWAL: EntryKind.GRANT}


def credit_findings(holdings: Holdings) -> Iterator[Finding]:
    yield from _balance(holdings)
    yield from _withdrawals(holdings)
    yield from _entries_of_orders(holdings)
    yield from _entries_of_generations(holdings)


def _balance(holdings: Holdings) -> Iterator[Finding]:
    user, available, owed = holdings.user, holdings.available, holdings.money.debt.owed
    if available is None:
        if holdings.entries or holdings.generations or holdings.money.orders:
            yield Finding(user, None, Rule.ACCOUNT_MISSING, f"{len(holdings.entries)} entries and no account")
        return
    if available < 0 or owed < 0:
        yield Finding(user, None, Rule.OVERDRAWN, f"available {available}, owed {owed}")
    total = sum(entry.amount for entry in holdings.entries)
    if total != available:
        yield Finding(user, None, Rule.ENTRIES_DO_NOT_ADD_UP, f"entries {total}, available {available}")
    expected = holdings.expected_available
    if expected != available:
        taken = f"withdrawn {holdings.withdrawn} − held {holdings.held} − captured {holdings.captured}"
        detail = f"given − {taken} = {expected}, available {available}"
        yield Finding(user, None, Rule.CREDITS_DO_NOT_BALANCE, detail)


def _withdrawals(holdings: Holdings) -> Iterator[Finding]:
    """What is collected of a debt is a withdrawal of no order: the sum alone can be held against the orders."""
    money = holdings.money
    taken_back = sum(order.refunded_credits for order in money.orders)
    asked = sum(refund.credits for refund in money.refunds if refund.status is RefundStatus.ASKED)
    withdrawn, owed = holdings.withdrawn, money.debt.owed
    if withdrawn + owed != taken_back + asked:
        detail = f"withdrawn {withdrawn} + owed {owed}, orders' {taken_back} + asked {asked}"
        yield Finding(holdings.user, None, Rule.WITHDRAWALS_DO_NOT_ADD_UP, detail)


def _entries_of_orders(holdings: Holdings) -> Iterator[Finding]:
    """An order's credits were given once where it was paid, and else never; a purchase under an id was of an order.

    A grant under an id says nothing by itself: grants have names of their own.
    """
    by_reference: dict[str, list[Entry]] = defaultdict(list)
    for entry in holdings.entries:
        if entry.kind in ENTRY_OF.values():
            by_reference[entry.reference].append(entry)
    for order in holdings.money.orders:
        found = [(entry.kind, entry.amount) for entry in by_reference.pop(order.id, [])]
        expected = [(ENTRY_OF[order.kind], order.credits)] if order.granted else []
        if found != expected:
            detail = f"{order.status}, entries {_words(found)}, not {_words(expected)}"
            yield Finding(holdings.user, None, Rule.ORDER_ENTRY_WRONG, detail, order.id)
    for reference, entries in by_reference.items():
        if is_id(reference) and any(entry.kind is EntryKind.PURCHASE for entry in entries):
            yield Finding(holdings.user, None, Rule.ORDER_MISSING, "a purchase, and no order", reference)


def _words(entries: list[tuple[EntryKind, int]]) -> str:
    return ", ".join(f"{kind} {amount}" for kind, amount in entries) or "none"


def _entries_of_generations(holdings: Holdings) -> Iterator[Finding]:
    """Each generation reserved once what its images cost, and has back just what its refunded images did."""
    reserves, refunds = _amounts(holdings, EntryKind.RESERVE), _amounts(holdings, EntryKind.REFUND)
    for generation in holdings.generations:
        reserved, refunded = reserves.pop(generation.id, []), refunds.pop(generation.id, [])
        if reserved != [-generation.reserved]:
            detail = f"entries {reserved}, not [{-generation.reserved}]"
            yield Finding(holdings.user, generation.id, Rule.RESERVE_WRONG, detail)
        images = sum(image.status is ImageStatus.REFUNDED for image in generation.images)
        if refunded != [generation.credits_per_image] * images:
            detail = f"entries {refunded} for {images} refunded images"
            yield Finding(holdings.user, generation.id, Rule.REFUND_WRONG, detail)
    for generation_id in reserves.keys() | refunds.keys():
        yield Finding(holdings.user, generation_id, Rule.GENERATION_MISSING, "entries, and no generation")


def _amounts(holdings: Holdings, kind: EntryKind) -> dict[str, list[int]]:
    amounts: dict[str, list[int]] = {}
    for entry in holdings.entries:
        if entry.kind is kind:
            amounts.setdefault(entry.reference, []).append(entry.amount)
    return amounts
