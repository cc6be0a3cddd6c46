"""A page that opens Toss's payment window in a browser, and hears where the customer comes back to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local.cloud.ports import HOST

PAGE = Path(__file__).with_name("payment_page.html")
SDK = "https://js.tosspayments.com/v2/standard"
SAID = '<!doctype html><meta charset="utf-8"><title>Veil</title><p style="font: 17px system-ui; margin: 3rem">{}</p>'


@dataclass
class PaymentPage:
    """``url`` is where to open it; `came_back` tells what the success page's, or the failure page's, address said."""

    url: str
    _said: dict[str, str] = field(default_factory=dict)
    _back: Event = field(default_factory=Event)

    def came_back(self, seconds: float) -> dict[str, str] | None:
        """``paymentKey``, ``orderId``, ``amount``; or ``code`` and ``message``. None where nobody came."""
        return self._said if self._back.wait(seconds) else None

    def hear(self, said: dict[str, str]) -> None:
        self._said = said
        self._back.set()


@contextmanager
def payment_page(order: dict[str, Any], script: str) -> Iterator[PaymentPage]:
    """Serve the page for an order, as the API told it, while the block runs; ``script`` is Toss's SDK."""
    html = Template(PAGE.read_text(encoding="utf-8")).substitute(
        SCRIPT=escape(script), ORDER=json.dumps(order).replace("<", "\\u003c")
    )
    server = ThreadingHTTPServer((HOST, 0), BaseHTTPRequestHandler)
    page = PaymentPage(f"http://{HOST}:{server.server_address[1]}/")
    server.RequestHandlerClass = _handler(page, html)
    thread = Thread(target=server.serve_forever, name="payment page")
    thread.start()
    try:
        yield page
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(page: PaymentPage, html: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = urlsplit(self.path)
            said = {name: values[0] for name, values in parse_qs(where.query).items()}
            if where.path == "/":
                self._answer(HTTPStatus.OK, html)
            elif where.path in ("/done", "/failed"):
                page.hear(said)
                self._answer(HTTPStatus.OK, SAID.format("터미널로 돌아가 주세요. Go back to the terminal."))
            else:
                self._answer(HTTPStatus.NOT_FOUND, "")

        def _answer(self, status: HTTPStatus, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The address has a payment key in it."""

    return Handler
