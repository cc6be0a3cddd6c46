"""Fetch what a prediction made: only from listed origins, without credentials, bounded, and only an image, labelled."""

import re
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from time import monotonic
from urllib.parse import urlsplit

import filetype
import httpx
import imagesize

from veil.adapters.containers.label import labelled
from veil.domain.generation import StoredOutput
from veil.domain.ports import OutputFetcher
from veil.domain.predictions import BadOutput, OutputUnavailable

TIMEOUT = httpx.Timeout(5.0, connect=3.0)  # seconds, for each piece; the webhook has to answer in time
TOTAL_SECONDS = 10.0  # for all the pieces of one that trickles
DEFAULT_PORTS = {"https": 443, "http": 80}


class HttpOutputFetcher(OutputFetcher):
    """``origins`` are scheme, host and port; ``*.`` stands for any subdomain."""

    def __init__(self, origins: Sequence[str], max_bytes: int) -> None:
        self._origins = [_origin_pattern(origin) for origin in origins]
        self._max_bytes = max_bytes
        self._client: httpx.Client | None = None

    def fetch(self, url: str) -> tuple[bytes, StoredOutput]:
        self._require_listed(url)
        return picture_in(self._download(url))

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

    def _download(self, url: str) -> bytes:
        """A client of its own, without Replicate's token, which a foreign host must never see."""
        if self._client is None:
            headers = {"accept-encoding": "identity"}  # images are compressed already
            self._client = httpx.Client(timeout=TIMEOUT, headers=headers, follow_redirects=False, trust_env=False)
        deadline = monotonic() + TOTAL_SECONDS
        try:
            with self._client.stream("GET", url) as response:
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
