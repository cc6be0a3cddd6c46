"""The local AWS: ministack, with IAM's name of one action put right, and one question more, whose an access key is and
what its secret is.

``GET /_local/credentials/{access key id}``, with the root user's secret as the bearer and the session token, if any, in
``x-amz-security-token``, answers ``{"secret_access_key", "principal_arn"}``, or 404 with ``{"code", "message"}`` as IAM
words it. AWS tells its own services so; here the stand-in of Rekognition is one (`local.stand_ins.rekognition`).
Run by the local AWS's interpreter, which has ministack and none of the project's packages.
"""

import hmac
import json
import os
from typing import Any

from ministack import app as ministack
from ministack.core import iam_actions
from ministack.core.iam_evaluator import CredentialResolutionError, resolve_credential

PATH = "/_local/credentials/"
ACTIONS = {"sqs:SendMessageBatch": "sqs:SendMessage"}  # as AWS has it: the first is an operation, and no action

_extract = iam_actions.extract_iam_action


def _action(*request: Any) -> str | None:
    """What IAM is asked to allow."""
    action: str | None = _extract(*request)
    return ACTIONS.get(action or "", action)


iam_actions.extract_iam_action = _action  # ministack looks it up with each request


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI app."""
    if scope["type"] != "http" or not scope["path"].startswith(PATH):
        await ministack.app(scope, receive, send)
        return
    status, body = _answer(scope["path"].removeprefix(PATH), dict(scope["headers"]))
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def _answer(access_key: str, headers: dict[bytes, bytes]) -> tuple[int, dict[str, str]]:
    root = f"Bearer {os.environ['AWS_SECRET_ACCESS_KEY']}"
    if not hmac.compare_digest(headers.get(b"authorization", b""), root.encode()):
        return 403, {"code": "AccessDenied", "message": "only the root user may ask"}
    token = headers.get(b"x-amz-security-token", b"").decode("latin-1")
    found = resolve_credential(access_key, os.environ["MINISTACK_ACCOUNT_ID"], token)
    if isinstance(found, CredentialResolutionError):
        return 404, {"code": found.code, "message": found.message}
    return 200, {"secret_access_key": found.secret_access_key, "principal_arn": found.principal_arn}
