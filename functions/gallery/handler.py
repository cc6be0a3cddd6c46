"""Reads, selection, deletion: generations, credits, consents, styles, health; leaving; 404 and 405 for other paths."""

import os
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from veil import __version__
from veil.api import bodies, openapi, views
from veil.api.polling import look_again
from veil.api.resolver import Answer, Api
from veil.bootstrap.gallery import GalleryBootstrap
from veil.domain.consents import Consent, ConsentKind
from veil.domain.generation import Generation, GenerationStatus
from veil.settings import GallerySettings

bootstrap = GalleryBootstrap(GallerySettings.load(os.environ))
app = Api(erased=bootstrap.erased)
handler = app.handler

Limit = Annotated[int, Query(ge=1, le=50)]
Cursor = str | None
Download = Annotated[str, Query(pattern="^[01]$")]
PUBLIC = {"cache-control": "public, max-age=3600"}  # the same for everybody, until the next deployment


@app.get("/health")
def health() -> Answer:
    return app.answer(200, bodies.Health(status="ok", version=__version__))


@app.get("/styles")
def styles() -> Answer:
    settings = bootstrap.settings
    return app.cacheable(views.style_list(settings.credits_per_generation, settings.web_url), PUBLIC)


@app.get("/openapi.json")
def document() -> Answer:
    return app.cacheable(openapi.text(), PUBLIC)


@app.get("/generations")
def list_generations(limit: Limit = 20, cursor: Cursor = None, download: Download = "0") -> Answer:
    page = bootstrap.gallery.list(app.user, limit, bootstrap.cursors.unseal(app.user, "generations", cursor))
    if not (page.items or cursor):
        _ = app.account  # nothing is there: perhaps because its user has left
    shown = [_shown(generation, download) for generation in page.items]
    next_cursor = bootstrap.cursors.seal(app.user, "generations", page.next)
    return app.answer(200, bodies.GenerationList(items=shown, next_cursor=next_cursor))


@app.get("/generations/<generation_id>")
def get_generation(generation_id: bodies.Id, download: Download = "0") -> Answer:
    generation = bootstrap.gallery.get(app.user, generation_id)
    waiting = look_again(generation.created_at) if generation.status is GenerationStatus.PROCESSING else {}
    shown = _shown(generation, download)
    return app.cacheable(shown, {"cache-control": "private, no-cache", **app.spoken, **waiting})


@app.delete("/generations/<generation_id>")
def delete_generation(generation_id: bodies.Id) -> Answer:
    bootstrap.gallery.delete(app.user, generation_id)
    return app.answer(204)


@app.put("/generations/<generation_id>/selection")
def select(generation_id: bodies.Id, body: bodies.Selection) -> Answer:
    return app.answer(200, _shown(bootstrap.gallery.select(app.user, generation_id, body.image)))


@app.delete("/generations/<generation_id>/selection")
def unselect(generation_id: bodies.Id) -> Answer:
    bootstrap.gallery.unselect(app.user, generation_id)
    return app.answer(204)


@app.get("/credits")
def get_credits() -> Answer:
    balance = bootstrap.credits.balance(app.user)
    return app.answer(200, bodies.Balance(available=balance.available, held=balance.held, owed=balance.owed))


@app.get("/credits/entries")
def list_entries(limit: Limit = 20, cursor: Cursor = None) -> Answer:
    page = bootstrap.credits.entries(app.user, limit, bootstrap.cursors.unseal(app.user, "entries", cursor))
    next_cursor = bootstrap.cursors.seal(app.user, "entries", page.next)
    items = [views.entry_body(entry) for entry in page.items]
    return app.answer(200, bodies.CreditEntryList(items=items, next_cursor=next_cursor))


@app.get("/consents")
def get_consents() -> Answer:
    decided = bootstrap.consents.all(app.user)
    if not decided:
        _ = app.account
    return app.answer(200, bodies.ConsentList(consents=[_consent(kind, decided.get(kind)) for kind in ConsentKind]))


@app.put("/consents/<kind>")
def decide(kind: ConsentKind, body: bodies.ConsentDecision) -> Answer:
    consent = bootstrap.consents.decide(app.user, kind, body.version, granted=body.granted)
    return app.answer(200, _consent(kind, consent))


def _consent(kind: ConsentKind, consent: Consent | None) -> bodies.Consent:
    return views.consent_body(kind, consent, bootstrap.settings.required_consents)


@app.delete("/account")
def leave(body: bodies.Leaving) -> Answer:
    from veil.api import erasure_views  # noqa: PLC0415 - few leave

    receipt_id, receipt = bootstrap.leave(app.user, app.username, app.signed_in_at)
    return app.answer(202, erasure_views.erasure_body(receipt_id, receipt))


@app.get("/erasures/<receipt>")
def get_erasure(receipt: bodies.ReceiptId) -> Answer:
    from veil.api import erasure_views  # noqa: PLC0415

    found = bootstrap.read_receipt(receipt)
    waiting = look_again(found.requested_at) if found.done_at is None else {}
    return app.answer(200, erasure_views.receipt_body(found, app.language), waiting)


def _shown(generation: Generation, download: str = "0") -> bodies.Generation:
    return views.generation_body(generation, bootstrap.urls, app.language, download=download == "1")
