"""Subscriptions: one item a user, and each arrow of its life is one version over the one before."""

from veil.adapters.dynamodb import items, records
from veil.adapters.dynamodb.accounts import DynamoAccounts, require_stays
from veil.adapters.dynamodb.table import Table
from veil.domain.errors import CreditsOwed
from veil.domain.orders import Order
from veil.domain.payment_ports import Subscriptions
from veil.domain.subscriptions import Subscription


class DynamoSubscriptions(Subscriptions):
    def __init__(self, table: Table, accounts: DynamoAccounts) -> None:
        self._table = table
        self._accounts = accounts

    def get(self, user: str) -> Subscription | None:
        item = self._table.get(user, items.SUBSCRIPTION)
        return records.from_item(Subscription, item) if item else None

    def save(self, after: Subscription) -> bool:
        return self._table.put_version(records.to_item(after), after.version)

    def take_card(self, after: Subscription) -> bool:
        """Invariant: no card is taken of who has left; else it would be charged for nobody."""
        failed = self._table.transact(
            [
                self._accounts.sold_to(after.user, after.customer_key),
                self._table.version(records.to_item(after), after.version),
            ]
        )
        require_stays(failed.get(0))
        if failed.get(0, {}).get("owed"):
            raise CreditsOwed(owed=int(failed[0]["owed"]))
        return not failed

    def begin_charge(self, after: Subscription, order: Order) -> bool:
        """Invariant: a charge's order stands before the provider is called, and its subscription names it: whoever
        goes on finds the same order, and charges under the same id.
        """
        pk, sk = items.pointer(order.id)
        return not self._table.transact(
            [
                self._table.version(records.to_item(after), after.version),
                self._table.version(records.to_item(order), order.version),
                self._table.put_new({"pk": pk, "sk": sk, "user": order.user}),
            ]
        )
