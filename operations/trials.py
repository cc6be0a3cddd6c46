"""A key is tried at its provider. An answer that is neither yes nor no is unknown, and never taken for either."""

import struct
from base64 import b64encode
from enum import Enum
from hmac import compare_digest
from typing import Any, NamedTuple

import httpx

SECONDS = 15
PROBE = ["SET", "veil:trial", "1", "EX", "1"]  # a read-only token would answer a PING


class Verdict(Enum):
    """What came of a trial."""

    WORKS = "works"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Trial(NamedTuple):
    """A verdict and its reason, for the person at the keyboard; the reason holds nothing secret."""

    verdict: Verdict
    why: str


def replicate_token(url: str, token: str) -> Trial:
    """Whose account is it?"""
    return _judged(_ask("GET", f"{url}/v1/account", authorization=f"Bearer {token}"))


def webhook_key(url: str, token: str) -> str | Trial:
    """The key that Replicate signs this account's webhooks with."""
    answer = _ask("GET", f"{url}/v1/webhooks/default/secret", authorization=f"Bearer {token}")
    trial = _judged(answer)
    if trial.verdict is not Verdict.WORKS or isinstance(answer, Trial):
        return trial
    found = _document(answer).get("key")
    return found if isinstance(found, str) and found else Trial(Verdict.UNKNOWN, "the answer has no key")


def same_key(given: str, of_replicate: str) -> Trial:
    """Whether ``given`` is the account's."""
    if compare_digest(given.encode(), of_replicate.encode()):
        return Trial(Verdict.WORKS, "")
    return Trial(Verdict.REFUSED, "it is not the key that this account's webhooks are signed with")


def comfy_token(url: str | None, token: str) -> Trial:
    """The newest job, if any. A host may list none, and then nobody tells; nor does a machine of one's own, which
    refuses a new token until it has learnt it from the secret.
    """
    if url is None:
        return Trial(Verdict.REFUSED, "this stage has no model of its own: give comfy_url, and deploy")
    answer = _ask("GET", f"{url.rstrip('/')}/api/v2/jobs?limit=1", authorization=f"Bearer {token}")
    if isinstance(answer, httpx.Response) and answer.status_code in (401, 403):
        refused = f"{url} does not accept it ({answer.status_code})"
        return Trial(Verdict.UNKNOWN, f"{refused}; a machine of your own learns it from here, within five minutes")
    return _judged(answer)


def azure_face_key(url: str, key: str) -> Trial:
    """One detection in a picture without a face: a transaction of Azure's, USD 0.001 or free."""
    where = f"{url.rstrip('/')}/face/v1.2/detect?detectionModel=detection_03&returnFaceId=false"
    headers = {"ocp-apim-subscription-key": key, "content-type": "application/octet-stream"}
    answer = _ask("POST", where, _picture(64), **headers)
    if isinstance(answer, httpx.Response) and answer.status_code == 404:
        return Trial(Verdict.REFUSED, f"{url} is no Face resource: look at azure_face_url")
    if isinstance(answer, httpx.Response) and answer.status_code == 403:
        return Trial(Verdict.UNKNOWN, "Azure answered 403: its quota is used up, or a rule of its network forbids it")
    return _judged(answer)


def upstash_token(url: str, token: str) -> Trial:
    """A write that is gone after a second."""
    answer = _ask("POST", url.rstrip("/"), PROBE, authorization=f"Bearer {token}")
    if isinstance(answer, httpx.Response):
        said = str(_document(answer).get("error", ""))
        if said.startswith("NOPERM"):
            return Trial(Verdict.REFUSED, "it may only read: copy the standard token")
        if answer.status_code == 404:
            return Trial(Verdict.REFUSED, f"{url} is no database: look at upstash_url")
        if answer.status_code == 200 and _document(answer).get("result") != "OK":
            return Trial(Verdict.UNKNOWN, f"{url} does not answer as Upstash does: look at upstash_url")
    return _judged(answer)


def toss_key(url: str | None, key: str) -> Trial:
    """A payment that never was: Toss looks at the key first. Whether its contract allows what we do, nobody tells."""
    if url is None:
        return Trial(Verdict.REFUSED, "this stage sells nothing of the kind: give its client key, and deploy")
    if "_sk_" not in key:
        return Trial(Verdict.REFUSED, "a secret key has _sk_ in it; this is another one")
    basic = b64encode(f"{key}:".encode()).decode()
    answer = _ask("GET", f"{url}/v1/payments/orders/veil-trial", authorization=f"Basic {basic}")
    if isinstance(answer, httpx.Response) and _document(answer).get("code") in ("NOT_FOUND_PAYMENT", "NOT_FOUND"):
        return Trial(Verdict.WORKS, "")
    if isinstance(answer, httpx.Response) and _document(answer).get("code") == "INVALID_API_KEY":
        return Trial(Verdict.REFUSED, "Toss does not know it")
    return _judged(answer)


def _ask(method: str, url: str, body: Any = None, **headers: str) -> httpx.Response | Trial:
    """The answer, or the trial that needs none."""
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        return Trial(Verdict.REFUSED, "a key consists of plain letters, digits and signs")
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    try:
        return httpx.request(method, url, headers=headers, timeout=SECONDS, **sent)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Trial(Verdict.UNKNOWN, f"{url.partition('?')[0]} does not answer ({type(error).__name__})")


def _judged(answer: httpx.Response | Trial) -> Trial:
    if isinstance(answer, Trial):
        return answer
    if answer.status_code == 200:
        return Trial(Verdict.WORKS, "")
    if answer.status_code in (401, 403):
        return Trial(Verdict.REFUSED, f"the provider does not accept it ({answer.status_code})")
    return Trial(Verdict.UNKNOWN, f"the provider answered {answer.status_code}")


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _picture(side: int) -> bytes:
    """A black square as a BMP, 24 bits a pixel."""
    pixels = bytes(side * side * 3)
    header = struct.pack("<2sIHHI", b"BM", 54 + len(pixels), 0, 0, 54)
    return header + struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, len(pixels), 2835, 2835, 0, 0) + pixels
