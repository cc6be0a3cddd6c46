"""Whether newcomers were granted no more in a day than the budget: what they have, the day's counter, the budget."""

from collections.abc import Iterator, Mapping

from operations.audit.finding import Finding, Rule
from operations.audit.holdings import WelcomeCounter


def welcome_findings(welcomed: Mapping[str, int], counters: Mapping[str, WelcomeCounter]) -> Iterator[Finding]:
    """``welcomed``: the welcomes of the accounts that there are, by their day, read before the ``counters``. Who left
    took theirs along, so a counter may have more; one that is gone was deleted a week after its day.
    """
    for day, counter in counters.items():
        if not welcomed.get(day, 0) <= counter.granted <= counter.budget:
            detail = f"{day}: accounts have {welcomed.get(day, 0)}, counted {counter.granted} of {counter.budget}"
            yield Finding("all", None, Rule.WELCOMES_DO_NOT_ADD_UP, detail)
