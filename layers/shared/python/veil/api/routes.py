"""Every route of the API and the function behind it: the gateway, the handlers and the 405s are made from it."""

from typing import NamedTuple


class Route(NamedTuple):
    """One method of one path. ``public`` routes carry no access token."""

    method: str
    path: str
    function: str
    public: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """Those that it answers: to HEAD as to GET, without the body (RFC 9110, §9.3.2)."""
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/health", "gallery", public=True),
    Route("GET", "/styles", "gallery", public=True),
    Route("GET", "/openapi.json", "gallery", public=True),
    Route("POST", "/uploads", "uploads"),
    Route("GET", "/uploads/{upload_id}", "uploads"),
    Route("POST", "/generations", "generations"),
    Route("GET", "/generations", "gallery"),
    Route("GET", "/generations/{generation_id}", "gallery"),
    Route("DELETE", "/generations/{generation_id}", "gallery"),
    Route("PUT", "/generations/{generation_id}/selection", "gallery"),
    Route("DELETE", "/generations/{generation_id}/selection", "gallery"),
    Route("GET", "/credits", "gallery"),
    Route("GET", "/credits/entries", "gallery"),
    Route("GET", "/consents", "gallery"),
    Route("PUT", "/consents/{kind}", "gallery"),
    Route("DELETE", "/account", "gallery"),
    Route("GET", "/erasures/{receipt}", "gallery", public=True),
    Route("GET", "/products", "payments", public=True),
    Route("POST", "/orders", "payments"),
    Route("GET", "/orders", "payments"),
    Route("GET", "/orders/{order_id}", "payments"),
    Route("POST", "/orders/{order_id}/confirm", "payments"),
    Route("POST", "/orders/{order_id}/refund", "payments"),
    Route("POST", "/subscriptions", "payments"),
    Route("POST", "/subscriptions/confirm", "payments"),
    Route("GET", "/subscriptions/current", "payments"),
    Route("PUT", "/subscriptions/current", "payments"),
    Route("DELETE", "/subscriptions/current", "payments"),
    Route("POST", "/webhooks/toss/{secret}", "payments", public=True),
    Route("POST", "/webhooks/{provider}/{token}", "webhook", public=True),
)

FALLBACK = "gallery"  # answers, as a problem, every path and method that is not above
