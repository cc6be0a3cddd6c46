"""A client of Veil's API that blocks, for operations, the demo, the tests and the proofs."""

from threading import Event
from types import TracebackType
from typing import Any, Self

import httpx

from operations import visit
from operations.visit import SUCCESS, Ask, Json, Script, drive

REQUEST_SECONDS = 35  # past the 30 s of API Gateway
UPLOAD_SECONDS = 60
GENERATION_SECONDS = 120
ERASURE_SECONDS = 240
POLL_SECONDS = 0.2  # a phone would wait for Retry-After; this is the same machine


class VeilClient:
    """One signed-in user; methods raise `OperationError`.

    ``sub`` is the user's name for the code that reads it; ``poll_seconds``: between two looks; None: as the API asks;
    ``proxies``: by those of the environment.
    """

    def __init__(
        self, api_url: str, token: str, sub: str = "", poll_seconds: float | None = None, *, proxies: bool = False
    ) -> None:
        self.sub, self._poll_seconds = sub, poll_seconds
        self.http = httpx.Client(trust_env=proxies, timeout=REQUEST_SECONDS)
        self.api = httpx.Client(
            base_url=api_url, headers={"authorization": f"Bearer {token}"}, trust_env=proxies, timeout=REQUEST_SECONDS
        )

    @classmethod
    def signed_in(cls, api_url: str, token_url: str, sub: str, poll_seconds: float | None = POLL_SECONDS) -> Self:
        """A user of the local issuer, which gives anyone a token."""
        ask = visit.sign_in(token_url, sub)
        answer = httpx.post(ask.url, json=ask.json, trust_env=False, timeout=REQUEST_SECONDS)
        return cls(api_url, ask.accept(answer).json()["access_token"], sub, poll_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self.api.close()
        self.http.close()

    def ask(self, ask: Ask) -> Any:
        """Send one request; answers its `httpx.Response`."""
        http = self.api if ask.to_api else self.http
        return ask.accept(http.request(ask.method, ask.url, headers=ask.headers, json=ask.json, content=ask.content))

    def run[Result](self, script: Script[Result]) -> Result:
        """Run a script of requests and pauses."""
        return drive(script, self.ask, self._pause)

    def _pause(self, seconds: float) -> float:
        waited = seconds if self._poll_seconds is None else self._poll_seconds
        Event().wait(waited)
        return waited

    def agree(self, *also: str) -> None:
        """Agree to all that is required, as a person does in the app before the first photo, and to these kinds."""
        self.run(visit.agree(*also))

    def ask_upload(self, photo: bytes, content_type: str) -> Json:
        """``POST /uploads`` for just these bytes."""
        return dict(self.ask(visit.ask_upload(photo, content_type)).json())

    def put_photo(self, upload: Json, photo: bytes) -> None:
        """Send the photo where ``upload`` says."""
        self.ask(visit.put_photo(upload, photo))

    def wait_for_upload(self, upload_id: str) -> Json:
        """The upload once it was checked, ready or rejected."""
        return self.run(visit.wait_for_check(upload_id, UPLOAD_SECONDS))

    def generate(self, upload_id: str, style: str, key: str | None = None, role: str | None = None) -> Json:
        """``POST /generations``, with ``key`` as its idempotency key."""
        return dict(self.ask(visit.generate(upload_id, style, key, role)).json())

    def wait_for_generation(self, generation_id: str) -> Json:
        """The generation once every image is settled."""
        return self.run(visit.wait_for_images(generation_id, GENERATION_SECONDS))

    def wait_for_order(self, order_id: str, patience: float) -> Json:
        """The order once its outcome is known."""
        return self.run(visit.wait_for_order(order_id, patience))

    def leave(self) -> str:
        """``DELETE /account``; the number of the receipt."""
        return str(self.ask(visit.leave()).json()["receipt"])

    def wait_for_erasure(self, receipt: str) -> Json:
        """What the receipt says once nothing is left."""
        return self.run(visit.wait_for_erasure(receipt, ERASURE_SECONDS))

    def download(self, url: str) -> tuple[bytes, str]:
        """What a signed URL leads to, and its content type."""
        answer = self.ask(Ask("GET", url))
        return answer.content, answer.headers["content-type"]

    def get(self, path: str) -> Json:
        """What the API answers to ``GET path``."""
        return dict(self.ask(Ask("GET", path)).json())

    def post(self, path: str, body: Json, headers: dict[str, str] | None = None) -> Json:
        """What the API answers to ``POST path``."""
        return dict(self.ask(Ask("POST", path, body, headers or {}, expected=SUCCESS)).json())
