"""microburst in the functions' way to AWS, where its rules throttle, cut and delay their calls.

Run as a child: ``python -m local.cloud.detour PORT UPSTREAM CERTIFICATE KEY``; rules: ``/_microburst/rules``.
Its own command would not do: that one speaks no TLS, it rewrites the Host header, which every signature covers, and
it drops Content-Length, which is all that S3 answers a HEAD with.
"""

import ssl
import sys
from asyncio import CancelledError
from collections.abc import Callable

from aiohttp import web
from microburst import forward
from microburst.app import make_app
from microburst.core.pipeline import Microburst

from local.cloud.ports import HOST

LOST = "x-lost"  # a rule's header on an answer that shall not arrive, though what was asked has been done


class _Signed(forward.Upstream):  # type: ignore[misc]  # microburst has no types
    """Forwards a request as it was signed."""

    def _outbound_headers(self, request: web.Request) -> dict[str, str]:
        headers: dict[str, str] = super()._outbound_headers(request)
        return headers | {"host": request.headers["host"]}


def create_detour(upstream: str) -> web.Application:
    """The app that forwards to ``upstream``, under microburst's rules."""
    forward.HOP_BY_HOP -= {"content-length"}
    proxy = Microburst(upstream, resign=False)
    proxy.upstream = _Signed(upstream, stats=proxy.stats)
    app: web.Application = make_app(proxy)
    app.on_response_prepare.append(_lose)
    return app


async def _lose(request: web.Request, answer: web.StreamResponse) -> None:
    """Close the connection in place of an answer: microburst's own abort lets the headers through."""
    if LOST in answer.headers and request.transport is not None:
        request.transport.abort()
        raise CancelledError  # as when the client itself has gone


def main(create: Callable[[str], web.Application] = create_detour) -> None:
    port, upstream, certificate, key = sys.argv[1:]
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    app = create(upstream)
    web.run_app(app, host=HOST, port=int(port), ssl_context=tls, access_log=None, print=None, shutdown_timeout=1)


if __name__ == "__main__":
    main()
