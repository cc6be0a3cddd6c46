"""Fetch what a prediction made: only from listed origins, bounded, and only an image, labelled; with a credential only
from the origin that it is for.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from time import monotonic
from urllib.parse import urljoin, urlsplit

import filetype
import httpx
import imagesize

from veil.adapters.containers.label import labelled
from veil.adapters.credentials import Credentialed
from veil.domain.generation import StoredOutput
from veil.domain.ports import OutputFetcher, Secret
from veil.domain.predictions import BadOutput, OutputUnavailable

TIMEOUT = httpx.Timeout(5.0, connect=3.0)  # seconds, for each piece; the webhook has to answer in time
TOTAL_SECONDS = 10.0  # for all the pieces of one that trickles
DEFAULT_PORTS = {"https": 443, "http": 80}


class _TokenRefused(Exception):
    """Our own origin does not accept the token."""


class _Moved(Exception):
    """What was asked for is at this URL."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


class HttpOutputFetcher(OutputFetcher):
    """``origins`` are scheme, host and port; ``*.`` stands for any subdomain. ``own`` are origins that want a token, by
    a URL of each: they are listed, too.
    """

    def __init__(self, origins: Sequence[str], max_bytes: int, own: Mapping[str, Secret] | None = None) -> None:
        self._own = {_origin(url): Credentialed(token, _authorization) for url, token in (own or {}).items()}
        self._origins = [_origin_pattern(origin) for origin in (*origins, *self._own)]
        self._max_bytes = max_bytes
        self._client: httpx.Client | None = None

    def fetch(self, url: str) -> tuple[bytes, StoredOutput]:
        self._require_listed(url)
        token = self._own.get(_origin(url))
        return picture_in(self._with_token(url, token) if token else self._download(url))

    def _with_token(self, url: str, token: Credentialed[dict[str, str]]) -> bytes:
        """It may answer where the bytes are, once: they are fetched there without the token."""
        try:
            return token.call(
                lambda headers: self._download(url, headers), refused=lambda error: isinstance(error, _TokenRefused)
            )
        except _TokenRefused as error:
            raise OutputUnavailable("the token is not accepted") from error
        except _Moved as moved:
            elsewhere = moved.url
        self._require_listed(elsewhere)
        return self._download(elsewhere)

    def _require_listed(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            origin = _origin(url)
        except ValueError as error:
            raise BadOutput("malformed URL") from error
        if parts.username is not None or parts.password is not None:
            raise BadOutput("credentials in URL")
        if not any(pattern.fullmatch(origin) for pattern in self._origins):
            raise BadOutput("origin is not listed")

    def _download(self, url: str, token: Mapping[str, str] | None = None) -> bytes:
        """A client of its own, without Replicate's token, which a foreign host must never see."""
        if self._client is None:
            headers = {"accept-encoding": "identity"}  # images are compressed already
            self._client = httpx.Client(timeout=TIMEOUT, headers=headers, follow_redirects=False, trust_env=False)
        deadline = monotonic() + TOTAL_SECONDS
        try:
            with self._client.stream("GET", url, headers=token) as response:
                if token and response.status_code in (401, 403):
                    raise _TokenRefused
                if token and response.status_code in (302, 303, 307):
                    raise _Moved(urljoin(url, response.headers.get("location", "")))
                if response.status_code == 429 or response.status_code >= 500:
                    raise OutputUnavailable(f"status {response.status_code}")
                if response.status_code != 200:
                    raise BadOutput(f"status {response.status_code}")
                return self._read(response, deadline)
        except (httpx.InvalidURL, ValueError) as error:  # also of a name that no DNS can hold
            raise BadOutput("malformed URL") from error
        except httpx.HTTPError as error:
            raise OutputUnavailable(type(error).__name__) from error

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        """The bytes as they came: a compressed bomb would be unpacked before it is measured."""
        chunks, size = [], 0
        for chunk in response.iter_raw():
            chunks.append(chunk)
            size += len(chunk)
            if monotonic() > deadline:
                raise OutputUnavailable("too slow")
            if size > self._max_bytes:
                raise BadOutput("too large")
        return b"".join(chunks)


def _authorization(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _origin(url: str) -> str:
    """Scheme, host and port, in lower case, without the port that the scheme has anyway."""
    parts = urlsplit(url)
    default = parts.port is None or parts.port == DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{parts.hostname}" + ("" if default else f":{parts.port}")


def _origin_pattern(origin: str) -> re.Pattern[str]:
    return re.compile(re.escape(_origin(origin)).replace(r"\*\.", r"(?:[a-z0-9-]+\.)+"))


def picture_in(data: bytes) -> tuple[bytes, StoredOutput]:
    """The picture, labelled as made by a model and without what follows it; and what it is by its content.

    It is labelled here, before anybody sees it: what is checked, hashed, stored and recorded are the same bytes.

    Raises `BadOutput` for none, or half of one. A JPEG that has no end is half: only a decoder could tell, and this
    function has none.
    """
    kind = filetype.image_match(data)
    picture = labelled(data, kind.mime) if kind else None
    if kind is None or picture is None:
        raise BadOutput("not a whole image")
    width, height = imagesize.get(BytesIO(picture))
    return picture, StoredOutput(len(picture), sha256(picture).hexdigest(), width, height, kind.mime)
