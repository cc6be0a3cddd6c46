"""The headers of the edge's answers. Each place has a content security policy of its own: what its pages may load."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from infra.times import IMAGE_CACHE_SECONDS

type Policy = Mapping[str, Sequence[str]]  # sources, by directive

NONE, SELF, INLINE = "'none'", "'self'", "'unsafe-inline'"
CLOSED: Policy = MappingProxyType({"default-src": (NONE,), "frame-ancestors": (NONE,), "base-uri": (NONE,)})
TOSS = "https://*.tosspayments.com"
HSTS_DAYS = 365


def app(connect: Sequence[str]) -> Policy:
    """The web client's; ``connect``: the origins that it calls beside its own."""
    return {
        **CLOSED,
        "script-src": (SELF,),
        "style-src": (SELF,),
        "font-src": (SELF,),
        "img-src": (SELF, "blob:", "data:"),
        "connect-src": (SELF, *connect),
        "manifest-src": (SELF,),
        "worker-src": (SELF,),
        "form-action": (SELF,),
    }


def docs() -> Policy:
    """Redoc's page: it writes styles into the page, and searches in a worker made of a blob."""
    return {
        **app(()),
        "style-src": (SELF, INLINE),
        "worker-src": (SELF, "blob:"),
    }


def pay(toss: str) -> Policy:
    """The page that opens Toss's window: its script, frames and styles; ``toss`` is where the script is from. Toss
    documents no policy, and its script loads parts of itself, tells its own hosts, and draws what it shows.
    """
    hosts = dict.fromkeys((toss, TOSS) if toss.endswith(".tosspayments.com") else (toss,))
    return {
        **app(tuple(hosts)),
        "script-src": (SELF, toss),
        "style-src": (SELF, INLINE),
        "img-src": (SELF, "data:", *hosts),
        "frame-src": tuple(hosts),
        "form-action": (SELF, *hosts),
    }


def written(policy: Policy) -> str:
    """As the header has it."""
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())


def headers(
    scope: Construct, name: str, *, prefix: str, policy: Policy, more: Mapping[str, str] | None = None
) -> cloudfront.ResponseHeadersPolicy:
    """A response headers policy, over whatever the origin says; its name begins with ``prefix``; ``more``: headers
    beside those of all places.
    """
    custom = {"permissions-policy": "camera=(self), microphone=(), geolocation=()", **(more or {})}
    return cloudfront.ResponseHeadersPolicy(
        scope,
        name,
        response_headers_policy_name=f"{prefix}-{name.lower()}",
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=written(policy), override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=Duration.days(HSTS_DAYS), override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override=True
            ),
        ),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(header=header, value=value, override=True)
                for header, value in custom.items()
            ]
        ),
    )


IMAGE = {"cache-control": f"private, max-age={IMAGE_CACHE_SECONDS}"}  # gone from a browser, too, within that time
