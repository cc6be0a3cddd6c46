"""What schemathesis can't know by itself: how a webhook is signed, and that an upload wants its photo.

A valid webhook is signed, an invalid one stays as it is. In the stateful phase every upload that is asked for is
one of a real photo, which is put where the answer says and waited for, so that a generation can follow. Fuzzing
asks for images of an upload that is nobody's. Nobody takes back what uploads need.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis import Case, HookContext
from standardwebhooks import Webhook

from local.processes import poll

PHOTO = Path(os.environ["VEIL_PHOTO"]).read_bytes()
SECONDS = 15
NOBODYS = "01JD8QK2Z0000000000000000A"


class Signed(requests.auth.AuthBase):
    """Signs the very bytes that are sent, as Replicate does."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        assert isinstance(body, str | bytes)  # what is sent in pieces can't be signed before
        now = datetime.now(UTC)
        signature = Webhook(os.environ["VEIL_WEBHOOK_SECRET"]).sign(
            "msg_1", now, body if isinstance(body, str) else body.decode()
        )
        request.headers.update(
            {
                "webhook-id": "msg_1",
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signature,
            }
        )
        return request


def _valid(case: Case[Any], operation_id: str, phase: str | None = None) -> bool:
    meta = case.meta
    return (
        meta is not None
        and meta.generation.mode.is_positive
        and case.operation.definition.raw["operationId"] == operation_id
        and phase in (None, meta.phase.name.value)
    )


@schemathesis.hook
def before_call(_: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    if _valid(case, "receiveWebhook"):
        kwargs["auth"] = Signed()
    if _valid(case, "decideConsent") and isinstance(case.body, dict):  # what the other routes need stays as it is
        case.body["granted"] = (case.path_parameters or {}).get("kind") == "third_party_ai"
    if _valid(case, "createGeneration", "fuzzing") and isinstance(case.body, dict):
        case.body["upload_id"] = NOBODYS
    if _valid(case, "createUpload", "stateful"):
        case.body = {"content_type": "image/jpeg", "size": len(PHOTO)}


@schemathesis.hook
def after_call(_: HookContext, case: Case[Any], response: Any) -> None:
    if response.status_code != 201 or not _valid(case, "createUpload", "stateful"):
        return
    upload = response.json()
    requests.request(
        upload["method"], upload["url"], headers=upload["headers"], data=PHOTO, timeout=SECONDS
    ).raise_for_status()
    place = f"{response.request.url}/{upload['upload_id']}"
    headers = {"authorization": f"Bearer {os.environ['VEIL_TOKEN']}"}

    def ready() -> bool:
        return bool(requests.get(place, headers=headers, timeout=SECONDS).json()["status"] == "ready")

    assert poll(ready, SECONDS, 0.1), "the photo was never ready"
