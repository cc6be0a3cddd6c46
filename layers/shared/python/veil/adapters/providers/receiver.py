"""The team's server, to which events are posted as Standard Webhooks says (https://www.standardwebhooks.com)."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from veil.domain.event_ports import NotDelivered, Receiver, ReceiverGone
from veil.domain.events import Event
from veil.domain.ports import Clock, Secret

# Seconds for each address that is tried and piece that is sent or read: ten in all where a server is silent. One
# that trickles its headers is ended by Lambda's own timeout; then the message comes again.
TIMEOUT = httpx.Timeout(connect=3.0, write=3.0, read=4.0, pool=1.0)
GONE = 410


class HttpReceiver(Receiver):
    """``url`` may have a key of the team's in its path or query, so its host alone is ever named."""

    def __init__(self, url: str, secret: Secret, clock: Clock) -> None:
        self._url, self._secret, self._clock = url, secret, clock
        self._host = urlsplit(url).hostname
        self._client: httpx.Client | None = None

    def post(self, event: Event) -> None:
        body = json.dumps(event.envelope).encode()
        headers = {"content-type": "application/json", "user-agent": "veil", **self._signed(event.id, body)}
        try:
            status = self._status(headers, body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:  # their texts may name the URL
            raise NotDelivered(f"{self._host}: {type(error).__name__}") from error
        if status == GONE:
            raise ReceiverGone
        if not 200 <= status < 300:
            raise NotDelivered(f"{self._host} answers {status}")

    def _signed(self, event_id: str, body: bytes) -> dict[str, str]:
        """Signed anew for each try, with each secret that is honoured: while one is replaced, there are two."""
        at = datetime.fromtimestamp(int(self._clock()), UTC)
        signatures = []
        for secret in dict.fromkeys(self._secret.signing()):
            try:
                signatures.append(Webhook(secret).sign(event_id, at, body.decode()))
            except (ValueError, EmptyWebhookSecretError):  # a receiver can't have it either; the other one may do
                continue
        if not signatures:
            raise NotDelivered(f"the secret {self._secret.name} is no base64")
        return {
            "webhook-id": event_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(signatures),
        }

    def _status(self, headers: dict[str, str], body: bytes) -> int:
        """No redirect is followed, no proxy of the environment is asked, and no body is read: the status says it."""
        if self._client is None:
            self._client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        with self._client.stream("POST", self._url, content=body, headers=headers) as response:
            return response.status_code
