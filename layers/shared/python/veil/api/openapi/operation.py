"""The parts of an operation, as `veil.api.openapi.operations` lists them."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel

NO_STORE = "no-store"


class Link(NamedTuple):
    """Where a reply leads: ``operation``'s parameters and the members of its body, as runtime expressions."""

    operation: str
    parameters: Mapping[str, str] = {}
    body: Mapping[str, str] = {}


class Reply(NamedTuple):
    """A success. ``headers`` are those beside ``x-request-id`` and ``cache-control`` that it always has;
    ``maybe`` those that it may have.
    """

    status: int
    what: str
    body: type[BaseModel] | None = None
    headers: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    cache: str = NO_STORE


class Operation(NamedTuple):
    """One route. ``codes`` are the problems of its own, beside those that every route may answer."""

    id: str
    summary: str
    replies: tuple[Reply, ...]
    codes: tuple[str, ...] = ()
    stored: bool = True  # it asks AWS, which may be unavailable
    headers: tuple[str, ...] = ()  # that it reads beside those that its handler declares
    body: type[BaseModel] | None = None  # that it reads by itself, once it has verified the very bytes


def cached(reply: Reply) -> tuple[Reply, Reply]:
    """The reply with its etag, and the 304 to an app that has it."""
    headers = (*reply.headers, "etag")
    known = Reply(304, "What the app has is still so.", headers=headers, maybe=reply.maybe, cache=reply.cache)
    return reply._replace(headers=headers), known
