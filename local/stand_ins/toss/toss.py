"""Toss Payments without HTTP, threads or a clock of its own: for the stand-in, and for a simulation."""

from collections.abc import Callable
from random import Random

from local.stand_ins.toss.api import Api
from local.stand_ins.toss.api_billing import BillingApi
from local.stand_ins.toss.api_payments import PaymentsApi
from local.stand_ins.toss.books import Announce, Books
from local.stand_ins.toss.console import Console
from local.stand_ins.toss.customer import Customer
from local.stand_ins.toss.settings import Merchant, Switches


class Toss:
    """Two merchants' payments and billing keys, with the API, the customers in front of it and the console behind.

    ``clock`` gives epoch seconds. ``announce`` gets each webhook's body at the moment of the change that it tells of,
    which is before `call` returns. ``accounts`` are the merchants for payments and for billing, in this order.
    The same ``random`` and the same calls give the same answers.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        random: Random,
        announce: Announce,
        accounts: tuple[Merchant, Merchant],
        switches: Switches | None = None,
    ) -> None:
        self._books = books = Books(clock, random, announce, switches or Switches())
        payments, billing = PaymentsApi(books), BillingApi(books, accounts[1])
        api, customer, console = (
            Api(books, payments, billing, accounts),
            Customer(books, billing, accounts),
            Console(books, payments, billing),
        )
        self.call, self.processing = api.call, api.processing
        self.open_window, self.authenticate = customer.open_window, customer.authenticate
        self.close, self.fail = customer.close, customer.fail
        self.authorize_billing, self.check_billing_window = customer.authorize_billing, customer.check_billing_window
        self.cancel_from_console = console.cancel_from_console
        self.delete_billing_from_console = console.delete_billing_from_console
        self.card, self.decline_next, self.state = console.card, console.decline_next, console.state
        self.tick = books.expire

    @property
    def switches(self) -> Switches:
        """The positions in force; they can be changed at any time."""
        return self._books.switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self._books.switches = switches
