"""The headers that the edge gives each of its pages; the stack has them from `infra.edge_headers`, a test compares."""

from collections.abc import Mapping

_CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
_APP = (
    f"{_CLOSED}; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'"
)
_DOCS = _APP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "worker-src 'self'", "worker-src 'self' blob:"
)
_COMMON = {"x-content-type-options": "nosniff", "referrer-policy": "strict-origin-when-cross-origin"}


def policy(page: str, toss: str) -> str:
    """The content security policy of a page; ``toss`` is the origin of Toss's script."""
    pay = (
        f"{_CLOSED}; script-src 'self' {toss}; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data: {toss}; connect-src 'self' {toss}; manifest-src 'self'; worker-src 'self'; "
        f"form-action 'self' {toss}; frame-src {toss}"
    )
    return {"docs.html": _DOCS, "pay.html": pay}.get(page, _APP)


def headers(page: str, toss: str) -> Mapping[str, str]:
    """All of them."""
    return {**_COMMON, "content-security-policy": policy(page, toss)}
