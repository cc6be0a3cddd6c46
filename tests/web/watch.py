"""What a page must not do unless its test announced it: errors, violations of its policy, requests that fail or that
leave this machine.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

LOOPBACK = {"127.0.0.1", "localhost"}
OF_AN_ANSWER = (
    "Failed to load resource"  # the console says so of every answer from 400 on; those are watched themselves
)
GIVEN_UP = "net::ERR_ABORTED"  # the page itself no longer wanted it: it was left, or asked for something else
REPORT = "veilReportsViolation"
REPORTING = f"""
document.addEventListener("securitypolicyviolation", (event) =>
  window.{REPORT}(`${{event.effectiveDirective}} refused ${{event.blockedURI}}`));
"""


@dataclass
class Watch:
    """Collects what went wrong in every page of a context."""

    context: BrowserContext
    troubles: list[str] = field(default_factory=list)
    _announced: dict[str, bool] = field(default_factory=dict)  # whether it has happened, or need not

    def __post_init__(self) -> None:
        self.context.expose_binding(REPORT, lambda _, what: self._note(f"policy: {what}"))
        self.context.add_init_script(REPORTING)
        self.context.on("console", self._console)
        self.context.on("weberror", self._error)
        self.context.on("request", self._request)
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._response)

    def announce(self, what: str) -> None:
        """Something like this will happen, once or more: a regular expression, as ``429 GET .*/credits``."""
        self._announced[what] = False

    def allow(self, what: str) -> None:
        """Something like this may happen."""
        self._announced[what] = True

    def forget(self) -> None:
        """All that happened, and all that was announced."""
        self.troubles.clear()
        self._announced.clear()

    @property
    def verdict(self) -> list[str]:
        """What happened and was not announced, and what was announced and did not happen."""
        missing = [what for what, happened in self._announced.items() if not happened]
        return [*self.troubles, *(f"announced, and did not happen: {what}" for what in missing)]

    def _note(self, what: str) -> None:
        announced = [each for each in self._announced if re.search(each, what)]
        self._announced |= dict.fromkeys(announced, True)
        if not announced:
            self.troubles.append(what)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(OF_AN_ANSWER):
            self._note(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self._note(f"error: {error.error}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"http", "https", "ws", "wss"} and url.hostname not in LOOPBACK:
            self._note(f"off this machine: {request.method} {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self._note(f"{request.failure} {_named(request)}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"{response.status} {_named(response.request)}")


def _named(request: Request) -> str:
    """Without its query, which may be a signature."""
    return f"{request.method} {urlsplit(request.url)._replace(query='', fragment='').geturl()}"
