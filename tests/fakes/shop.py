"""The use cases of money, wired to the fakes as `veil.bootstrap` wires them to the adapters."""

from collections.abc import Mapping

from tests.fakes.accounts import MemoryAccounts
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.events import MemoryWorkQueue
from tests.fakes.generations import MemoryWorkList
from tests.fakes.ledger import MemoryLedger
from tests.fakes.limits import MemoryRateLimiter, RecordingTelemetry
from tests.fakes.orders import MemoryOrders, MemoryRetainedOrders, MemorySubscriptions
from tests.fakes.payments import FakePayments
from tests.fakes.secrets import FakeSecret
from tests.fakes.store import MemoryStore
from veil.domain.credits import EntryKind
from veil.domain.declines import Decline
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import Order, OrderKind
from veil.domain.payment_ports import Sealer
from veil.domain.ports import StorageUnavailable, WorkItem, WorkKind, WorkQueue
from veil.domain.products import Catalogue
from veil.domain.subscriptions import Subscription
from veil.use_cases.confirm_order import ConfirmOrder
from veil.use_cases.continue_debt import ContinueDebt
from veil.use_cases.continue_order import ContinueOrder
from veil.use_cases.continue_refund import ContinueRefund
from veil.use_cases.continue_subscription import ContinueSubscription
from veil.use_cases.hand_over import HandOver
from veil.use_cases.orders import Customers, PlaceOrder, ReadOrders
from veil.use_cases.receive_payment_webhook import ReceivePaymentWebhook
from veil.use_cases.refund_order import RefundOrder
from veil.use_cases.settle_order import SettleOrder
from veil.use_cases.subscriptions import Subscribe
from veil.use_cases.sweep import Continue

SECRET = "path-secret"
WELCOME = 8


class MemoryQueue(WorkQueue):
    def __init__(self) -> None:
        self.items: list[WorkItem] = []
        self.down = False

    def send(self, item: WorkItem) -> None:
        if self.down:
            raise StorageUnavailable("no queue")
        self.items.append(item)


class FakeSealer(Sealer):
    """Opens only for whom it was sealed."""

    def seal(self, user: str, text: str) -> str:
        return f"sealed for {user}: {text}"

    def unseal(self, user: str, sealed: str) -> str:
        owner, text = sealed.split(": ")
        assert owner == f"sealed for {user}"
        return text


class Shop:
    """All of money in memory; ``user`` is the customer unless another is named."""

    user = "ada"

    def __init__(self) -> None:
        self.clock, self.ids, self.telemetry = FakeClock(), FakeIds(), RecordingTelemetry()
        self.store, self.queue = MemoryStore(self.ids), MemoryQueue()
        self.accounts, self.ledger = MemoryAccounts(self.store), MemoryLedger(self.store)
        self.orders, self.subscriptions = MemoryOrders(self.store), MemorySubscriptions(self.store)
        self.work, self.sealer = MemoryWorkList(self.store), FakeSealer()
        self.toss, self.billing = FakePayments(self.clock), FakePayments(self.clock)
        self.to_tell = MemoryWorkQueue()
        self.catalogue, self.limiter = Catalogue.priced(""), MemoryRateLimiter(100, 600)
        self._wire()

    def _wire(self) -> None:
        clock, ids, telemetry, orders = self.clock, self.ids, self.telemetry, self.orders
        customers = Customers(orders, self.accounts, clock, lambda: f"customer {ids(clock())}", WELCOME)
        front = SettleOrder(orders, {OrderKind.PACK: self.toss}, self.to_tell, clock, telemetry)
        self.place = PlaceOrder(orders, customers, self.limiter, self.catalogue, True, clock, ids, telemetry)
        self.read = ReadOrders(orders)
        self.confirm = ConfirmOrder(orders, self.toss, front, clock)
        self.refund = RefundOrder(orders, self.queue, clock, ids, telemetry)
        self.subscribe = Subscribe(
            self.subscriptions, customers, lambda: self.sealer, self.queue, self.catalogue, True, clock, ids, telemetry
        )
        self.retained = MemoryRetainedOrders()
        self.webhook = ReceivePaymentWebhook(
            FakeSecret(SECRET, "older"), orders, self.retained, self.toss, front, self.queue, clock, telemetry
        )
        self.hand_over = HandOver(self.work, self.queue, clock)
        self.continues = self._charger()

    def _charger(self) -> Mapping[WorkKind, Continue]:
        clock, telemetry, orders, work = self.clock, self.telemetry, self.orders, self.work
        payments = {OrderKind.PACK: self.toss, OrderKind.RENEWAL: self.billing}
        settle = SettleOrder(orders, payments, self.to_tell, clock, telemetry)
        confirm = ConfirmOrder(orders, self.toss, settle, clock)
        self.continue_subscription = ContinueSubscription(
            work=work,
            subscriptions=self.subscriptions,
            orders=orders,
            billing=self.billing,
            settle=settle,
            sealer=self.sealer,
            queue=self.queue,
            catalogue=self.catalogue,
            clock=clock,
            new_id=self.ids,
            telemetry=telemetry,
        )
        return {
            WorkKind.ORDER: ContinueOrder(work, orders, settle, confirm, clock, telemetry),
            WorkKind.REFUND: ContinueRefund(work, orders, payments, settle, clock, telemetry),
            WorkKind.SUBSCRIPTION: self.continue_subscription,
            WorkKind.CREDITS: ContinueDebt(work, orders, clock, telemetry),
        }

    def reprice(self, plan: str) -> None:
        """The plan's price from the next deployment on, as ``16:12000``."""
        self.catalogue = Catalogue.priced(f"plan_monthly={plan}")
        self._wire()

    def deliver(self) -> None:
        """The charger takes whatever its queue has, and what that brings."""
        while self.queue.items:
            item = self.queue.items.pop(0)
            self.continues[item.kind](item)

    def sweep(self) -> None:
        for item in list(self.work.due(self.clock())):
            if item.kind is not WorkKind.EVENT:  # of those is nothing for the charger
                self.hand_over(item)
        self.deliver()

    def later(self, seconds: float) -> None:
        """So much later, the sweep comes."""
        self.clock.advance(seconds)
        self.sweep()

    def ordered(self, product: str = "pack_medium") -> Order:
        return self.place(self.user, product, None)[0].order

    def paid(self, product: str = "pack_medium") -> Order:
        order = self.ordered(product)
        self.pay(order)
        return self.now(order)

    def pay(self, order: Order) -> Order:
        """The customer goes through the window and comes back."""
        key = self.toss.authenticate(order.id, order.amount)
        return self.confirm(order.user, order.id, key, order.amount)[0]

    def asked(self, order: Order, credits_: int | None = None) -> OrderRefund:
        """A refund that was just asked for."""
        self.refund(order.user, order.id, credits_)
        return self.refunds()[-1]

    def refunds(self) -> list[OrderRefund]:
        return [one for one in self.store.records.values() if isinstance(one, OrderRefund)]

    def now(self, order: Order) -> Order:
        found = self.orders.get(order.user, order.id)
        assert found is not None
        return found

    @property
    def plan(self) -> Subscription:
        found = self.subscriptions.get(self.user)
        assert found is not None
        return found

    def card_given(self) -> str:
        """The customer registers a card; what the window gave for it."""
        customer_key = self.subscribe.customer_key(self.user)
        auth_key = self.billing.register_card(customer_key)
        self.subscribe.register(self.user, auth_key, customer_key)
        return auth_key

    def subscribed(self) -> Subscription:
        """A plan whose first month is paid."""
        self.card_given()
        self.deliver()
        self.sweep()
        return self.plan

    def renewals(self) -> list[Order]:
        """The oldest first."""
        return [one for one in self.orders.all(self.user) if one.kind is OrderKind.RENEWAL][::-1]

    def spend(self, credits_: int) -> None:
        self.store.enter(self.user, EntryKind.RESERVE, -credits_, "spent", self.clock())

    @property
    def available(self) -> int:
        return self.store.available.get(self.user, 0)

    @property
    def owed(self) -> int:
        return self.store.owed.get(self.user, 0)

    def decline(self, why: Decline | None) -> None:
        self.toss.card = self.billing.card = why

    def audit(self) -> None:
        """What holds at every moment, whatever has happened."""
        for user, available in self.store.available.items():
            entries = self.store.entries[user]
            assert available == sum(entry.amount for entry in entries) >= 0
            orders = list(self.orders.all(user))
            given = [
                (one.reference, one.amount) for one in entries if one.kind in (EntryKind.PURCHASE, EntryKind.GRANT)
            ]
            assert sorted(one for one in given if one[0] != "welcome") == sorted(
                (one.id, one.credits) for one in orders if one.granted
            )
            moved = -sum(one.amount for one in entries if one.kind in (EntryKind.WITHDRAW, EntryKind.RESTORE))
            asked = sum(one.credits for one in self.refunds() if one.user == user and one.status is RefundStatus.ASKED)
            assert moved + self.store.owed.get(user, 0) == sum(one.refunded_credits for one in orders) + asked
            booked = [key for one in orders for key in one.cancels]
            assert len(booked) == len(set(booked))

    def audit_with_toss(self) -> None:
        """What holds once nothing is under way: every won that was taken stands in one order, or before a person."""
        self.audit()
        orders = {one.id: one for one in self.store.records.values() if isinstance(one, Order)}
        for payment in (*self.toss.payments.values(), *self.billing.payments.values()):
            order = orders.get(payment.order_id)
            if payment.charged and order and order.granted:
                assert (order.payment_key, order.balance) == (payment.key, payment.balance)
                assert set(order.cancels) == {cancel.transaction_key for cancel in payment.cancels}
