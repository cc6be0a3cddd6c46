"""CloudFront's signed URLs, judged as CloudFront judges them.

Canned and custom policies, RSA and ECDSA, SHA-1 (what no ``Hash-Algorithm`` means) and SHA-256. Source: the Developer
Guide, "Use signed URLs".
"""

import json
import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any, Self
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

RESERVED = frozenset({"Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"})
HASHES: Mapping[str, hashes.HashAlgorithm] = {"SHA1": hashes.SHA1(), "SHA256": hashes.SHA256()}  # noqa: S303  CloudFront's default
CANNED = '{{"Statement":[{{"Resource":"{}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{}}}}}}}]}}'


class Refused(Exception):
    """A request that CloudFront answers with 403, with this code and message."""

    def __init__(self, code: str = "AccessDenied", message: str = "Access denied") -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class SignedUrl:
    """``resource``: the URL without what signs it; ``query``: what is left of its query; ``given``: what signs it."""

    resource: str
    query: str
    given: Mapping[str, str]

    @classmethod
    def of(cls, origin: str, path: str, query: str) -> Self:
        """The URL that was asked for, as it was sent, at a server's own ``origin``; raises `Refused`."""
        own, given = [], {}
        for part in query.split("&") if query else ():
            name, _, value = part.partition("=")
            if name not in RESERVED:
                own.append(part)
            elif name in given:
                raise Refused
            else:
                given[name] = unquote(value)
        rest = "&".join(own)
        return cls(origin + path + (f"?{rest}" if rest else ""), rest, given)

    @property
    def key_id(self) -> str:
        """Whose signature it says it has; raises `Refused`."""
        if key_id := self.given.get("Key-Pair-Id"):
            return key_id
        raise Refused("MissingKey", "Missing Key-Pair-Id query parameter or cookie value")

    def check(self, pem: str, now: float, address: str) -> None:
        """Raise `Refused` unless the key ``pem`` signed this URL for this time and this ``address`` of a viewer."""
        policy = self._policy()
        if not _verified(pem, policy, _decoded(self.given.get("Signature", "")), self.given.get("Hash-Algorithm")):
            raise Refused
        if not _allows(policy, self.resource, now, address):
            raise Refused

    def _policy(self) -> bytes:
        if "Policy" in self.given:
            return _decoded(self.given["Policy"])
        if not re.fullmatch(r"\d+", self.given.get("Expires", ""), re.ASCII):
            raise Refused
        return CANNED.format(self.resource, self.given["Expires"]).encode()


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True)
    except (NoBase64, ValueError):
        raise Refused from None


def _verified(pem: str, message: bytes, signature: bytes, hash_name: str | None) -> bool:
    chosen, key = HASHES.get(hash_name or "SHA1"), load_pem_public_key(pem.encode())
    if chosen is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(chosen))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _allows(policy: bytes, resource: str, now: float, address: str) -> bool:
    """Whether a policy that was signed is for this resource, time and address; one that is malformed is for none."""
    try:
        (statement,) = json.loads(policy)["Statement"]
        conditions: Mapping[str, Any] = statement["Condition"]
        until = float(conditions["DateLessThan"]["AWS:EpochTime"])
        since = float(conditions.get("DateGreaterThan", {}).get("AWS:EpochTime", 0))
        network = conditions.get("IpAddress", {}).get("AWS:SourceIp")
        here = network is None or ip_address(address) in ip_network(network, strict=False)
        pattern = str(statement.get("Resource", "*"))
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return since < now < until and here and bool(_glob(pattern).fullmatch(resource))


def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern of CloudFront's: ``*`` is any text, ``?`` any character."""
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(each) or re.escape(each) for each in pattern), re.DOTALL)
