"""S3 in memory: what is put once stays, a wrong checksum is refused, a listing comes in pages.

Requests and answers are as on the wire. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import md5, sha256
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from local.simulated.expressions import Unsupported

PAGE_KEYS = 1000
KEPT = ("content-type", "x-amz-checksum-sha256")  # of a put's headers, beside its metadata


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Object:
    data: bytes
    headers: Mapping[str, str]
    modified_at: float


def error(status: int, code: str) -> Answer:
    """An error as S3 writes it."""
    body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
    return Answer(status, {"content-type": "application/xml"}, body.encode())


class S3:
    """One bucket. ``landed`` hears of each object that was put; ``failing`` says which keys a deletion fails for."""

    def __init__(
        self,
        clock: Callable[[], float],
        landed: Callable[[str], None] = lambda _: None,
        failing: Callable[[str], bool] = lambda _: False,
        page_keys: int = PAGE_KEYS,
    ) -> None:
        self._clock, self._landed, self._failing, self._page_keys = clock, landed, failing, page_keys
        self.objects: dict[str, Object] = {}

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request of the bucket's own host."""
        parts = urlsplit(url)
        query, key = parse_qs(parts.query, keep_blank_values=True), unquote(parts.path).lstrip("/")
        if method == "PUT":
            return self.put(key, {name.lower(): value for name, value in headers.items()}, body)
        if method in ("GET", "HEAD") and key:
            return self._get(key, with_body=method == "GET")
        if method == "GET" and query.get("list-type") == ["2"]:
            return self._list({name: values[0] for name, values in query.items()})
        if method == "GET" and "versions" in query:
            return self._list_versions({name: values[0] for name, values in query.items()})
        if method == "POST" and "delete" in query:
            return self._delete(body)
        raise Unsupported(f"{method} {key or '/'}")

    def put(self, key: str, headers: Mapping[str, str], body: bytes) -> Answer:
        data = _unchunked(body) if "aws-chunked" in headers.get("content-encoding", "") else body
        checksum = b64encode(sha256(data).digest()).decode()
        if headers.get("x-amz-checksum-sha256", checksum) != checksum:
            return error(400, "BadDigest")
        if headers.get("if-none-match") == "*" and key in self.objects:
            return error(412, "PreconditionFailed")
        kept = {name: value for name, value in headers.items() if name in KEPT or name.startswith("x-amz-meta-")}
        self.objects[key] = Object(data, kept, self._clock())
        self._landed(key)
        return Answer(200, {"etag": _etag(data)})

    def _get(self, key: str, *, with_body: bool) -> Answer:
        found = self.objects.get(key)
        if found is None:
            return error(404, "NoSuchKey") if with_body else Answer(404, {})
        modified = datetime.fromtimestamp(found.modified_at, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        about = {"content-length": str(len(found.data)), "last-modified": modified, "etag": _etag(found.data)}
        return Answer(200, {**found.headers, **about}, found.data if with_body else b"")

    def _delete(self, body: bytes) -> Answer:
        """Several at once, each of which may fail by itself; what is not there is deleted all the same."""
        keys = [found.text or "" for found in ElementTree.fromstring(body).iter() if found.tag.endswith("Key")]  # noqa: S314
        failed = [key for key in keys if self._failing(key)]
        for key in keys:
            if key not in failed:
                self.objects.pop(key, None)
        errors = "".join(f"<Error><Key>{escape(key)}</Key><Code>InternalError</Code></Error>" for key in failed)
        return _xml(f"<DeleteResult>{errors}</DeleteResult>")

    def _list(self, query: Mapping[str, str]) -> Answer:
        after, prefix = query.get("continuation-token", ""), query.get("prefix", "")
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        page = keys[: self._page_keys]
        more = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if len(keys) > len(page) else ""
        truncated = f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>"
        if delimiter := query.get("delimiter"):
            folders = {prefix + key.removeprefix(prefix).split(delimiter)[0] + delimiter for key in page}
            listed = "".join(map(_folder, sorted(folders)))
        else:
            listed = "".join(_listed(key, len(self.objects[key].data)) for key in page)
        return _xml(f"<ListBucketResult>{listed}{truncated}{more}</ListBucketResult>")

    def _list_versions(self, query: Mapping[str, str]) -> Answer:
        """Nobody has switched versions on: each object is one, and its id is ``null``."""
        after, prefix = query.get("key-marker", ""), query.get("prefix", "")
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        page = keys[: self._page_keys]
        more = ""
        if len(keys) > len(page):
            more = f"<NextKeyMarker>{escape(page[-1])}</NextKeyMarker><NextVersionIdMarker>null</NextVersionIdMarker>"
        listed = "".join(f"<Version><Key>{escape(key)}</Key><VersionId>null</VersionId></Version>" for key in page)
        truncated = f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>"
        return _xml(f"<ListVersionsResult>{listed}{truncated}{more}</ListVersionsResult>")


def _listed(key: str, size: int) -> str:
    return f"<Contents><Key>{escape(key)}</Key><Size>{size}</Size></Contents>"


def _folder(prefix: str) -> str:
    return f"<CommonPrefixes><Prefix>{escape(prefix)}</Prefix></CommonPrefixes>"


def _xml(text: str) -> Answer:
    return Answer(200, {"content-type": "application/xml"}, text.encode())


def _etag(data: bytes) -> str:
    return f'"{md5(data, usedforsecurity=False).hexdigest()}"'


def _unchunked(body: bytes) -> bytes:
    """The bytes of a body that was sent in chunks with a trailer."""
    return b"".join(_chunks(body))


def _chunks(body: bytes) -> Iterator[bytes]:
    while body:
        head, _, rest = body.partition(b"\r\n")
        size = int(head.split(b";")[0], 16)
        if size == 0:
            return
        yield rest[:size]
        body = rest[size + 2 :]
