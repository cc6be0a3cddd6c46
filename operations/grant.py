"""Add credits to a user's account, by the code path that production uses."""

from time import time

from operations.errors import OperationError
from operations.stage import Stage
from operations.stage_ports import Spoken
from operations.user_hash import user_hash
from veil.adapters.dynamodb.accounts import DynamoAccounts, WelcomeBudget
from veil.adapters.dynamodb.orders import DynamoOrders
from veil.adapters.dynamodb.table import Table
from veil.domain.credits import Balance
from veil.domain.errors import AccountErased
from veil.domain.ids import new_id
from veil.domain.payment_ports import Orders
from veil.settings import GallerySettings
from veil.use_cases.continue_debt import COLLECT_SECONDS
from veil.use_cases.credits import Credits

TRIES = 5


def grant(stage: Stage, user: str, amount: int, reason: str = "") -> Balance:
    """Grant ``amount`` credits to ``user`` (the token's ``sub``) under the deployed settings; answer what it has.

    ``reason`` stands in the ledger, where the user may read it. What the user owes is taken at once, as the charger
    would within minutes.
    """
    if amount < 1:
        raise OperationError("a grant is of 1 credit at the least")
    settings = GallerySettings.load(stage.settings("gallery"))
    table = Table(stage.client("dynamodb"), stage.table)
    budget = WelcomeBudget(table, settings.welcome_budget_credits_per_day, user_hash(stage), Spoken(print))
    accounts = DynamoAccounts(table, new_id, budget)
    credits_ = Credits(accounts, time, settings.welcome_credits)
    try:
        credits_.grant(user, amount, f"operations {new_id(time())} {reason}".strip())
    except AccountErased:
        raise OperationError(f"{user} has left, and nothing was granted: they may come back a day after it") from None
    _collect(DynamoOrders(table, accounts), user)
    return credits_.balance(user)


def _collect(orders: Orders, user: str) -> None:
    """What another changed meanwhile is looked at anew, and in the end by the work list."""
    for _ in range(TRIES):
        customer, now = orders.customer(user), time()
        if not (customer and customer.owed) or orders.collect(user, customer, now + COLLECT_SECONDS, now):
            return
