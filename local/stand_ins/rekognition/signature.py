"""Signature Version 4 of a call, made again by botocore's own signer with the secret that the local AWS issued."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.stand_ins.rekognition.errors import RekognitionError

SERVICE = "rekognition"
_SKEW = timedelta(minutes=5)
_HEADER = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})")


@dataclass(frozen=True)
class Call:
    """A request as it came; header names are in lower case, ``url`` is what the client signed."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Signature:
    """What a call says of its signature: whose it is, over what, and when it was made."""

    access_key: str
    scope: str
    signed: frozenset[str]
    value: str
    stamp: str


def read_signature(call: Call, region: str, now: datetime) -> Signature:
    """The signature of ``call``. Raises `RekognitionError` unless it is for this service, here and now."""
    header = call.headers.get("authorization")
    if header is None:
        raise RekognitionError("MissingAuthenticationTokenException")
    parts, stamp = _HEADER.fullmatch(header), call.headers.get("x-amz-date", "")
    if parts is None or not stamp:
        raise RekognitionError("IncompleteSignatureException", "Authorization header is not complete.")
    access_key, _, scope = parts[1].partition("/")
    signature = Signature(access_key, scope, frozenset(parts[2].split(";")), parts[3], stamp)
    _check_time(stamp, now)
    _check_scope(signature, region)
    needed = {"host"} | {name for name in call.headers if name.startswith("x-amz-")}
    if not needed <= signature.signed or not signature.signed <= call.headers.keys():
        raise RekognitionError("InvalidSignatureException", "'Host' and every 'X-Amz-' header must be signed.")
    return signature


def verify(call: Call, signature: Signature, secret: str, region: str) -> None:
    """Raises `RekognitionError` unless the holder of ``secret`` signed just this call."""
    headers = {name: call.headers[name] for name in signature.signed}
    request = AWSRequest(call.method, call.url, headers, call.body)
    request.context["timestamp"] = signature.stamp
    signer = SigV4Auth(Credentials(signature.access_key, secret), SERVICE, region)
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    claimed = headers.get("x-amz-content-sha256", digest := hashlib.sha256(call.body).hexdigest())
    if not hmac.compare_digest(expected, signature.value) or claimed != digest:
        raise RekognitionError("InvalidSignatureException")


def _check_time(stamp: str, now: datetime) -> None:
    try:
        made = datetime.strptime(stamp, SIGV4_TIMESTAMP).replace(tzinfo=UTC)
    except ValueError:
        raise RekognitionError("IncompleteSignatureException", "Date must be in ISO-8601 'basic format'.") from None
    if made < now - _SKEW:
        raise RekognitionError("InvalidSignatureException", f"Signature expired: {stamp} is now too early (5 min.)")
    if made > now + _SKEW:
        raise RekognitionError("InvalidSignatureException", f"Signature not yet current: {stamp} is too late (5 min.)")


def _check_scope(signature: Signature, region: str) -> None:
    date, of_region, service, end = (*signature.scope.split("/"), "", "", "", "")[:4]
    wrong = {
        "Date in Credential scope does not match the request's date.": date != signature.stamp[:8],
        "Credential should be scoped to a valid region.": of_region != region,
        f"Credential should be scoped to correct service: '{SERVICE}'.": service != SERVICE,
        "Credential should be scoped with a valid terminator: 'aws4_request'.": end != "aws4_request",
    }
    if found := [message for message, is_so in wrong.items() if is_so]:
        raise RekognitionError("InvalidSignatureException", found[0])
