"""Tells a person by Kakao (알림톡) that their images are ready: Veil's events, posted to this function, sent by SOLAPI.

A Lambda function of a team's own with a function URL, the address that Veil is told as `events_url`. It needs
EVENTS_KEY (Veil's signing key, ``whsec_…``), SOLAPI_KEY, SOLAPI_SECRET, PF_ID (the Kakao channel), TEMPLATE_ID, SENDER,
and two tables: PHONES_TABLE (key ``user_id``) and SENDINGS_TABLE (key ``id``, forgotten after ``gone``).
"""

import base64
import hmac
import logging
import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

import boto3
import httpx
from botocore.config import Config
from botocore.exceptions import ClientError
from standardwebhooks import Webhook, WebhookVerificationError

type Json = dict[str, Any]

CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
TIMEOUT = 5.0  # seconds a call; four calls are within a function's 25 s
LEASE_SECONDS = 60  # longer than the function may run: nobody else sends meanwhile
KEPT_SECONDS = 7 * 86400  # Veil posts an event for a day
logger = logging.getLogger(__name__)


class Unknown(Exception):
    """SOLAPI gave no answer, or none that says what became of the request: it may have worked."""


class Busy(Exception):
    """Another delivery of the same event is being worked on."""


def handler(event: Json, _: object = None) -> Json:
    """204: done, or nothing to do. 401: not Veil's. 503: Veil posts it again, which is safe at any point."""
    headers = {name.lower(): value for name, value in event["headers"].items()}
    body = event.get("body") or ""
    posted = verified(base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(), headers)
    if posted is None:
        return {"statusCode": 401}
    data = posted["data"]
    phones = resource(os.environ["PHONES_TABLE"])
    if posted["type"] == "account.erased":
        phones.delete_item(Key={"user_id": data["user_id"]})
    if posted["type"] != "generation.finished" or data["status"] == "failed":
        return {"statusCode": 204}  # also for types that are new
    phone = phones.get_item(Key={"user_id": data["user_id"]}).get("Item")
    if phone is None:
        return {"statusCode": 204}  # this person gave no number
    try:
        send_once(headers["webhook-id"], phone["number"], {"#{장수}": str(data["stored"])})
    except (Unknown, Busy) as error:
        logger.warning("not known to be sent: %s", type(error).__name__)
        return {"statusCode": 503}
    return {"statusCode": 204}


def verified(body: bytes, headers: dict[str, str]) -> Json | None:
    """The event, if Veil signed exactly these bytes within the last five minutes. While its key is rotated, it signs
    with the old one and the new one, so that either may stand here.
    """
    try:
        return dict(Webhook(os.environ["EVENTS_KEY"]).verify(body, headers))
    except (WebhookVerificationError, ValueError):  # also a header that is no base64, a body that is no text
        return None


def send_once(event_id: str, phone: str, variables: dict[str, str]) -> None:
    """Send one message for an event, however often it is delivered.

    SOLAPI knows no idempotency key. But a message can be put into a group first, and a group is sent once: what became
    of it can be read. So each event has its group, written down before anything is put into it.
    """
    sending = begin(event_id)
    if sending.get("sent"):
        return
    group = sending.get("group") or keep(event_id, solapi().new_group())
    found = solapi().read(group)
    count = found["count"]
    if found["status"] == "PENDING":
        untouched = not count["registeredSuccess"] and not count["registeredFailed"]
        if count["registeredSuccess"] or (untouched and solapi().put(group, phone, variables)):
            solapi().send(group)
    write(event_id, "SET sent = :yes", {":yes": True})


@dataclass(frozen=True)
class Solapi:
    """The part of SOLAPI's API that this needs. Raises `Unknown`, and `httpx.HTTPStatusError` for what was refused."""

    url: str
    key: str
    secret: str

    def new_group(self) -> str:
        """One whose answer is lost stays empty, and is never sent."""
        return str(self._call("POST", "/messages/v4/groups", {"allowDuplicates": False})["groupId"])

    def read(self, group: str) -> Json:
        return self._call("GET", f"/messages/v4/groups/{group}")

    def put(self, group: str, phone: str, variables: dict[str, str]) -> bool:
        """Whether the message was taken. A number or a template that is none will not be better next time."""
        options = {"pfId": os.environ["PF_ID"], "templateId": os.environ["TEMPLATE_ID"], "variables": variables}
        message = {"to": phone, "from": os.environ["SENDER"], "kakaoOptions": options}
        answer = self._call("PUT", f"/messages/v4/groups/{group}/messages", {"messages": [message]})
        if answer["errorCount"]:
            logger.error("SOLAPI took no message: %s", answer["resultList"][0]["statusCode"])
        return not answer["errorCount"]

    def send(self, group: str) -> None:
        self._call("POST", f"/messages/v4/groups/{group}/send", {})

    def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        date, salt = datetime.now(UTC).isoformat(timespec="seconds"), secrets.token_hex(16)
        signature = hmac.digest(self.secret.encode(), (date + salt).encode(), sha256).hex()
        signed = f"HMAC-SHA256 apiKey={self.key}, date={date}, salt={salt}, signature={signature}"
        try:
            answer = http().request(method, self.url + path, json=body, headers={"authorization": signed})
            if answer.status_code >= 500 or answer.status_code == 429:
                raise Unknown(f"{method} {answer.status_code}")
            return dict(answer.raise_for_status().json())
        except (httpx.TransportError, ValueError) as error:
            raise Unknown(f"{method} {type(error).__name__}") from error


@cache
def solapi() -> Solapi:
    address = os.environ.get("SOLAPI_URL", "https://api.solapi.com")
    return Solapi(address, os.environ["SOLAPI_KEY"], os.environ["SOLAPI_SECRET"])


@cache
def http() -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT)


@cache
def resource(name: str) -> Any:
    return boto3.resource("dynamodb", config=CONFIG).Table(name)


def begin(event_id: str) -> Json:
    """What is known of this event's sending, which is this call's alone for a minute. Raises `Busy`."""
    now = int(time.time())
    values = {":now": now, ":lease": now + LEASE_SECONDS, ":gone": now + KEPT_SECONDS}
    try:
        return write(
            event_id, "SET leased = :lease, gone = :gone", values, "attribute_not_exists(leased) OR leased < :now"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
    known: Json = resource(os.environ["SENDINGS_TABLE"]).get_item(Key={"id": event_id}, ConsistentRead=True)["Item"]
    if not known.get("sent"):
        raise Busy
    return known


def keep(event_id: str, group: str) -> str:
    write(event_id, "SET #group = :group", {":group": group}, names={"#group": "group"})
    return group


def write(
    event_id: str, update: str, values: Json, condition: str | None = None, names: dict[str, str] | None = None
) -> Json:
    """The item as it is afterwards."""
    options: Json = {"ConditionExpression": condition} if condition else {}
    options |= {"ExpressionAttributeNames": names} if names else {}
    written: Json = resource(os.environ["SENDINGS_TABLE"]).update_item(
        Key={"id": event_id},
        UpdateExpression=update,
        ExpressionAttributeValues=values,
        ReturnValues="ALL_NEW",
        **options,
    )["Attributes"]
    return written
