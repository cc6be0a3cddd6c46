"""What is counted in one part of a run: the functions' calls to AWS, their invocations and their log lines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qs

LOG_EVENT_BYTES = 26  # that CloudWatch adds to each line (PutLogEvents, its API reference)
PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START")
SQS_REQUESTS = 3  # a message: S3 sends it, Lambda receives and deletes it
SERVICE = re.compile(r"Credential=([^/]+)/\d{8}/[^/]+/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Call:
    """``presigned``: not by a function itself, but by whom it gave a URL; ``prefix``: of the object's key, in S3."""

    service: str
    operation: str
    access_key: str
    presigned: bool = False
    prefix: str = ""
    read_units: float = 0.0
    write_units: float = 0.0
    bytes_in: int = 0
    bytes_out: int = 0


def recognize(method: str, path: str, query: str, headers: Mapping[str, str]) -> Call:
    """The call that this request is; raises `ValueError` for one that nobody has signed."""
    asked = parse_qs(query, keep_blank_values=True)
    presigned = "X-Amz-Credential" in asked
    signature = f"Credential={asked['X-Amz-Credential'][0]}" if presigned else headers.get("authorization", "")
    signed = SERVICE.search(signature)
    if signed is None:
        raise ValueError(f"{method} {path} is not signed")
    access_key, service = signed.groups()
    if service == "s3":
        prefix = path.strip("/").split("/")[1] if path.count("/") > 1 else ""
        return Call(service, _s3_operation(method, path, asked), access_key, presigned, prefix)
    return Call(service, headers.get("x-amz-target", "").rpartition(".")[2], access_key, presigned)


def _s3_operation(method: str, path: str, query: Mapping[str, object]) -> str:
    if method == "POST" and "delete" in query:
        return "DeleteObjects"
    if method == "GET" and not path.strip("/").partition("/")[2]:
        return "ListObjects"
    return {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}[method]


class Record(NamedTuple):
    """A start or an invocation, as the probe in the function's process wrote it."""

    function: str
    kind: str
    cpu_ms: float
    peak_mb: float
    at: float
    number: int = 0
    route: str | None = None
    messages: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    access_key: str = ""


@dataclass
class LogBytes:
    """``ours``: what the functions write; ``platform``: Lambda's own lines about each invocation."""

    ours: int = 0
    platform: int = 0

    @property
    def bytes(self) -> int:
        return self.ours + self.platform

    def add(self, message: str) -> None:
        size = len(message.rstrip("\n").encode()) + LOG_EVENT_BYTES
        if message.startswith(PLATFORM):
            self.platform += size
        else:
            self.ours += size


@dataclass
class Counts:
    """``calls`` by the function that made or signed each; ``images``: their sizes in bytes."""

    visits: int
    calls: dict[str, list[Call]]
    records: list[Record]
    logs: dict[str, LogBytes]
    metrics: set[str] = field(default_factory=set)
    images: list[int] = field(default_factory=list)
    table_bytes: int = 0

    def invocations(self, function: str) -> list[Record]:
        return [each for each in self.records if each.function == function and each.kind == "invocation"]

    def starts(self, function: str) -> list[Record]:
        return [each for each in self.records if each.function == function and each.kind == "start"]

    def routes(self) -> dict[str, list[Record]]:
        """The invocations that came through the API, by function."""
        through = [each for each in self.records if each.kind == "invocation" and each.route]
        names = sorted({each.function for each in through})
        return {name: [each for each in through if each.function == name] for name in names}


def by_function(calls: list[Call], functions: Mapping[str, str]) -> dict[str, list[Call]]:
    """Calls by function; ``functions``: each by its access key. Raises `KeyError` for a call with another key."""
    found: dict[str, list[Call]] = {}
    for call in calls:
        found.setdefault(functions[call.access_key], []).append(call)
    return found
