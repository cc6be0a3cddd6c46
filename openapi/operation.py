"""The parts of an operation, as `openapi.operations` lists them."""

from typing import NamedTuple

from pydantic import BaseModel


class Reply(NamedTuple):
    """A success. ``headers`` are those that it carries beside ``x-request-id``, ``cache`` its ``cache-control`` unless
    that is ``no-store``.
    """

    status: int
    description: str
    body: type[BaseModel] | None = None
    headers: tuple[str, ...] = ()
    cache: str | None = None


class Operation(NamedTuple):
    """One route. ``codes`` are its own problems, beside those that every route may answer."""

    id: str
    tag: str
    summary: str
    replies: tuple[Reply, ...]
    codes: tuple[str, ...] = ()
    stored: bool = True  # it asks AWS, which may be unavailable
    headers: tuple[str, ...] = ()  # request headers that the handler reads but does not declare, beside if-none-match
    body: type[BaseModel] | None = None  # a request body that the handler reads but does not declare
    internal: bool = False  # not an app's: generators of clients leave out what is ``x-internal``


def cached(reply: Reply) -> tuple[Reply, Reply]:
    """The reply with its etag, and the 304 for a client that has it."""
    headers = (*reply.headers, "etag")
    return reply._replace(headers=headers), Reply(304, "Not modified.", headers=headers, cache=reply.cache)
