"""One request to Comfy API v2 and its answer, bounded in time and size."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx

from veil.adapters.credentials import Credentialed
from veil.domain.ports import Secret

PIECE_SECONDS, CONNECT_SECONDS = 8.0, 3.0
TOTAL_SECONDS = 10.0  # for all pieces of an answer that trickles
MAX_ANSWER_BYTES = 4 * 2**20  # a list of jobs has a kilobyte for each
MAX_HINT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` is None where it is no JSON object; ``code`` is an error's and ``id`` that of what was made, empty where
    it has none; ``retry_after`` is in seconds.
    """

    status: int
    body: dict[str, Any] | None
    retry_after: float | None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        error = (self.body or {}).get("error")
        return str(error.get("code", "")) if isinstance(error, dict) else ""

    @property
    def id(self) -> str:
        found = (self.body or {}).get("id")
        return found if isinstance(found, str) else ""


class _CredentialRefused(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class ComfyWire:
    """``url`` is where ``/api/v2`` begins, without a trailing slash: ``https://dep-1.run.comfy.app``."""

    def __init__(self, url: str, token: Secret) -> None:
        self._base = f"{url.rstrip('/')}/api/v2"
        self._clients = Credentialed(token, comfy_client)

    def ask(
        self, method: str, path: str, *, key: str | None = None, within: float = TOTAL_SECONDS, **sent: Any
    ) -> Answer:
        """The answer, whatever its status. ``key`` is an idempotency key, ``within`` the seconds that it may take,
        ``sent`` what httpx calls ``json``, ``files``, ``data``. What was refused for its token, and so did nothing, is
        sent once more where there is a newer one.

        Raises `httpx.HTTPError` and `ValueError`, as httpx does, and `StorageUnavailable`.
        """
        headers = {} if key is None else {"idempotency-key": key}
        give_up = monotonic() + within
        timeout = httpx.Timeout(min(PIECE_SECONDS, within), connect=min(CONNECT_SECONDS, within))

        def send(client: httpx.Client) -> Answer:
            with client.stream(method, self._base + path, headers=headers, timeout=timeout, **sent) as response:
                answer = _read(response, give_up)
            if answer.status in (401, 403):
                raise _CredentialRefused(answer)
            return answer

        try:
            return self._clients.call(send, refused=lambda error: isinstance(error, _CredentialRefused))
        except _CredentialRefused as error:
            return error.answer


def comfy_client(token: str) -> httpx.Client:
    headers = {"authorization": f"Bearer {token}", "accept-encoding": "identity"}
    return httpx.Client(headers=headers, follow_redirects=False, trust_env=False)


def _read(response: httpx.Response, give_up: float) -> Answer:
    chunks, size = [], 0
    for chunk in response.iter_raw():
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER_BYTES or monotonic() > give_up:
            raise httpx.ReadError("too long an answer", request=response.request)
    return Answer(response.status_code, _object(b"".join(chunks)), _hint(response.headers))


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _hint(headers: Mapping[str, str]) -> float | None:
    try:
        return max(0.0, min(float(headers["retry-after"]), MAX_HINT_SECONDS))
    except (KeyError, ValueError):
        return None


def absolute(base: str, link: str) -> str:
    """A link in an answer as we reach it from ``base``: it may begin with a slash, or with http where what ends TLS
    stands before its host. One that cannot be read stays as it is: whoever fetches it calls it a bad output.
    """
    try:
        ours, given = urlsplit(base), urlsplit(urljoin(base, link))
    except ValueError:
        return link
    if given.hostname == ours.hostname and (given.scheme, ours.scheme) == ("http", "https"):
        given = given._replace(scheme=ours.scheme, netloc=ours.netloc)
    return given.geturl()


@dataclass(frozen=True, slots=True)
class Time:
    """What is left of some seconds, for several requests together."""

    end: float

    @classmethod
    def of(cls, seconds: float) -> Self:
        return cls(monotonic() + seconds)

    @property
    def left(self) -> float:
        """At least a moment, in which nothing is answered."""
        return max(self.end - monotonic(), 0.001)
