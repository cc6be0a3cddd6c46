"""One state that the client can be in: where, what the API answers, what a person does, and what is there then."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

from local.web_shots.api import FakeApi, Reply, created, public, tagged
from local.web_shots.bodies import (
    GENERATION_ID,
    IMAGES,
    NOW,
    ORDER_ID,
    UPLOAD_ID,
    Bodies,
    balance,
    consents,
    entries,
    order,
    products,
)
from local.web_shots.edge import FakeEdge, oidc_replies
from veil.domain.language import Language

type Act = Callable[[Person], None]
type Replies = Mapping[str, Reply | Sequence[Reply]]

PATIENCE_MS = 20_000  # for what is seen at last: a machine may be busy
SIGNED_IN = "sessionStorage.setItem('veil.refresh', 'r')"
PICTURES = """() => document.fonts.ready.then(() => [...document.images].every((image) => {
  const { top, bottom } = image.getBoundingClientRect();
  return image.complete || bottom < 0 || top > innerHeight;  // what is not seen may be loaded later
}))"""


class Person:
    """Whoever uses the page: finds things by their role and by what they are called, in either language."""

    def __init__(self, page: Page, context: BrowserContext) -> None:
        self.page, self.context = page, context

    def find(self, role: Any, *names: str, within: Locator | None = None) -> Locator:
        """What has this role and one of these names."""
        called = re.compile("|".join(f"^{re.escape(name)}" for name in names))
        return (within or self.page).get_by_role(role, name=called)

    def press(self, *names: str, role: Any = "button") -> None:
        """Press the button of one of these names."""
        self.find(role, *names).first.click()

    def follow(self, *names: str) -> None:
        """Follow the link of one of these names."""
        self.press(*names, role="link")

    def see(self, selector: str) -> None:
        """Wait until it is there."""
        expect(self.page.locator(selector).first).to_be_visible(timeout=PATIENCE_MS)

    def choose_file(self, file: Path | FilePayload) -> None:
        """Choose a photo from the library, and see it."""
        self.page.locator("input[type=file]").first.set_input_files(file)

    def go_offline(self) -> None:
        """Once all that was asked for has come."""
        self.page.wait_for_load_state("networkidle")
        self.context.set_offline(True)


def nothing(_: Person) -> None:
    """What a person does where the state is there at once."""


@dataclass(frozen=True)
class State:
    """``ready`` is a CSS selector of what is there once the state is; ``replies`` change the ordinary ones."""

    name: str
    path: str
    ready: str
    replies: Callable[[Bodies], Replies] = lambda _: {}
    act: Act = nothing
    signed_in: bool = True
    refuses: Sequence[str] = field(default=())  # what a watched page will say of it

    def answer(self, edge: FakeEdge, language: Language) -> None:
        """Let the API answer what it does in this state."""
        bodies = Bodies(edge.origin, language)
        edge.api = FakeApi({**oidc_replies(edge.origin), **ordinary(bodies), **self.replies(bodies)})

    def open(self, context: BrowserContext, edge: FakeEdge, language: Language) -> Page:
        """A page of ``context`` in this state, its fonts and pictures there."""
        self.answer(edge, language)
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        if self.signed_in:
            page.add_init_script(SIGNED_IN)
        page.goto(f"{edge.origin}{self.path}")
        person = Person(page, context)
        self.act(person)
        expect(page.locator(self.ready).first).to_be_visible(timeout=PATIENCE_MS)
        page.wait_for_function(PICTURES)
        return page


def ordinary(bodies: Bodies) -> Replies:
    """What the API answers a person who has agreed to everything, has credits, and has made images before."""
    done = bodies.generation("stored", "stored", "stored", "stored", selected=1)
    return {
        "GET /styles": public(bodies.styles()),
        "GET /products": public(products()),
        "GET /consents": Reply(200, consents()),
        "PUT /consents/{kind}": Reply(200, consents()["consents"][0]),
        "GET /credits": Reply(200, balance()),
        "GET /credits/entries": Reply(200, entries()),
        "POST /uploads": created(201, bodies.place(), f"/uploads/{UPLOAD_ID}"),
        "PUT /photos/{id}": Reply(200),
        "GET /uploads/{id}": Reply(200, bodies.upload()),
        "POST /generations": created(202, bodies.generation(*["queued"] * IMAGES), f"/generations/{GENERATION_ID}"),
        "GET /generations": Reply(200, {"items": [done], "next_cursor": None}),
        "GET /generations/{id}": tagged(done, **{"cache-control": "private, no-cache"}),
        "PUT /generations/{id}/selection": Reply(200, done),
        "DELETE /generations/{id}/selection": Reply(204),
        "DELETE /generations/{id}": Reply(204),
        "GET /orders": Reply(200, {"items": [order("paid")], "next_cursor": None}),
        "POST /orders": created(201, order(), f"/orders/{ORDER_ID}"),
        "GET /orders/{id}": Reply(200, order("paid")),
        "POST /orders/{id}/confirm": Reply(200, order("paid")),
        "GET /subscriptions/current": bodies.refused("subscription_not_found"),
    }
