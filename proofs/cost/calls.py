"""What one call to AWS was, read from its request alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

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
    status: int = 0


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
