"""A purchase, once, on the real stack: a pack of credits, paid in Toss's window, and the ledger after it."""

from dataclasses import dataclass
from typing import Any

from local.cloud.options import Options
from local.cloud.running import RunningCloud
from local.cloud.up import cloud
from local.payment_page import SDK, payment_page
from local.photo_file import terminal_language
from local.processes import LocalError
from operations import checkout
from operations.client import VeilClient
from operations.progress import Progress
from operations.visit import Json

USER = "buyer"
PATIENCE_SECONDS = 1800  # as long as Toss's window lives
SETTLE_SECONDS = 120


@dataclass(frozen=True)
class Purchase:
    """``browser``: a person pays in one, else the stand-in is told that somebody did."""

    product: str
    browser: bool


def buy(purchase: Purchase, options: Options, progress: Progress) -> None:
    """Boot the local cloud, buy, show what became of it, stop. Raises `LocalError` where nothing was bought."""
    with cloud(options, progress) as running:
        buy_there(purchase, running, options, progress)


def buy_there(purchase: Purchase, running: RunningCloud, options: Options, progress: Progress) -> None:
    """The same on a cloud that runs."""
    with VeilClient.signed_in(running.api_url, running.token_url, USER) as client:
        client.api.headers["accept-language"] = terminal_language()
        with progress.step("place an order, at our price"):
            order = _placed(client, purchase.product)
        progress.say(f"  {order['order_name']}, {order['amount']:,} KRW, order {order['id']}")
        if purchase.browser:
            paid = _by_hand(running, options, order, progress)
        else:
            paid = _told(client, running, order, progress)
        with progress.step("confirm: Toss charges, the credits are there"):
            order = _confirmed(client, order, paid)
        _show(client, order, progress)


def _placed(client: VeilClient, product: str) -> Json:
    known = [pack["id"] for pack in client.get("/products")["packs"]]
    if product not in known:
        raise LocalError(f"there is no pack {product!r}; there are {', '.join(known)}")
    placed: Json = client.ask(checkout.place_order(product, None)).json()
    return placed


def _told(client: VeilClient, running: RunningCloud, order: Json, progress: Progress) -> dict[str, str]:
    """What the window would send to the success page."""
    with progress.step("pay in Toss's window, which a stand-in plays"):
        said: dict[str, str] = client.ask(checkout.pay(running.window_url, order)).json()
    return said


def _by_hand(running: RunningCloud, options: Options, order: Json, progress: Progress) -> dict[str, str]:
    script = SDK if options.toss_url else f"{running.providers_url}/toss/v2/standard"
    with payment_page(order, script) as page:
        progress.say(f"  open {page.url} and pay; Ctrl-C leaves it, and nothing is charged")
        with progress.step("pay in Toss's window"):
            said = page.came_back(PATIENCE_SECONDS)
    if said is None:
        raise LocalError("nobody paid; the order expires by itself")
    if "paymentKey" not in said:
        raise LocalError(f"not paid: {said.get('code')}: {said.get('message')}")
    return said


def _confirmed(client: VeilClient, order: Json, paid: dict[str, str]) -> Json:
    answer: Any = client.ask(checkout.confirm(order["id"], paid))
    found: Json = answer.json()
    if answer.status_code == 202:
        found = client.wait_for_order(order["id"], SETTLE_SECONDS)
    if found["status"] != "paid":
        raise LocalError(f"the order is {found['status']}")
    return found


def _show(client: VeilClient, order: Json, progress: Progress) -> None:
    progress.say("")
    back = order["refundable"]
    progress.say(f"  paid at {order['paid_at']}; receipt {order['receipt_url']}")
    progress.say(f"  refundable: {back['credits']} credits for {back['amount']:,} KRW")
    progress.say("")
    progress.say("Ledger, newest first")
    for entry in client.get("/credits/entries")["items"]:
        progress.say(f"  {entry['created_at']}  {entry['kind']:<8} {entry['amount']:+4d}  {entry['reference']}")
    credits_ = client.get("/credits")
    progress.say(f"  available {credits_['available']}, held {credits_['held']}, owed {credits_['owed']}")
    progress.say("")
