"""The faults of one call: what the caller gets, and whether the call has its effect all the same."""

import re

import requests

from local.simulated.dynamodb import cancelled
from local.simulated.s3 import Answer, error
from local.simulated.wire import Sent, aws_error
from proofs.chaos.simulation.comfy_faults import COMFY_FAULTS
from proofs.chaos.simulation.comfy_faults import kind_of as comfy_kind
from proofs.chaos.simulation.fault import AWS_JSON, AWS_LOST, HTML, Fault, aws, closed, gateway, hung, refused
from proofs.chaos.simulation.likeness_faults import REKOGNITION_FAULTS
from proofs.chaos.simulation.money_faults import MONEY_FAULTS
from proofs.chaos.simulation.services import json_answer
from proofs.chaos.simulation.toss import kind_of as toss_kind
from proofs.chaos.simulation.weather import Weather


def _conflict(sent: Sent) -> Answer:
    if sent.operation != "TransactWriteItems":
        return aws("TransactionConflictException")
    others = [{"Code": "None"}] * (len(sent.json["TransactItems"]) - 1)
    return aws_error(cancelled([{"Code": "TransactionConflict"}, *others]))


GATEWAY = (500, 502, 503, 504, 520, 524)  # what stands before a service answers so for a request that was done
CONFLICT = Fault("transaction conflict", _conflict)
PUT_CONFLICT = Fault("put conflict", error(409, "ConditionalRequestConflict"))
_throttle = {"detail": "Request was throttled. Your rate limit resets in ~30s.", "status": 429}
FAULTS = {
    **MONEY_FAULTS,
    **COMFY_FAULTS,
    "dynamodb": (
        Fault("throttled", aws("ProvisionedThroughputExceededException")),
        Fault("throttled by rate", aws("ThrottlingException")),
        Fault("internal error", aws("InternalServerError", 500)),
        *AWS_LOST,
    ),
    "s3": (Fault("slow down", error(503, "SlowDown")), Fault("internal error", error(500, "InternalError")), *AWS_LOST),
    "cloudfront": (
        Fault("throttled", error(400, "TooManyInvalidationsInProgress")),
        Fault("internal error", error(500, "InternalError")),
        *AWS_LOST,
    ),
    "secretsmanager": AWS_JSON,
    "sqs": (*AWS_JSON, *AWS_LOST),
    "rekognition": REKOGNITION_FAULTS,
    "create": (
        Fault("402", json_answer(402, {"title": "Insufficient credit", "detail": "no credit", "status": 402})),
        Fault("422", json_answer(422, {"title": "Input validation failed", "detail": "- input", "status": 422})),
        Fault("429", json_answer(429, {"detail": "Request was throttled.", "status": 429})),
        Fault("429 with a hint", json_answer(429, {**_throttle, "retry_after": 30})),
        Fault("429 with a header", json_answer(429, _throttle, **{"retry-after": "45"})),
        *(Fault(f"{status}", json_answer(status, {"detail": "not now"})) for status in (408, 409, 425)),
        *(Fault(f"{status}, and nothing runs", gateway(status)) for status in (500, 503)),
        *(Fault(f"{status}, and it runs", gateway(status), happens=True) for status in GATEWAY),
        Fault("refused connection", refused),
        Fault("hang, and nothing runs", hung, seconds=8),
        Fault("answer lost", hung, happens=True, seconds=8),
        Fault("closed, and it runs", closed, happens=True),
        Fault("a page instead of an answer", HTML, happens=True),
    ),
    "ask": (
        Fault("429", json_answer(429, _throttle)),
        Fault("500", json_answer(500, {"detail": "Internal server error"})),
        Fault("refused connection", refused),
        Fault("hang", hung, seconds=8),
        Fault("closed after", closed, happens=True),
        Fault("a page instead of an answer", HTML, happens=True),
    ),
    "output": (
        Fault("503", Answer(503, {})),
        Fault("429", Answer(429, {})),
        Fault("refused connection", refused),
        Fault("hang", hung, seconds=5),
        Fault("closed", closed),
    ),
    "redis": (
        Fault("hang, and it counted", hung, happens=True, seconds=0.5),
        Fault("hang", hung, seconds=0.5),
        Fault("refused connection", refused),
        Fault("an error", json_answer(400, {"error": "ERR max requests limit exceeded"})),
        Fault("a page", HTML),
        Fault("nonsense", json_answer(200, {"result": "OK"})),
        Fault("500", Answer(500, {}, b"oops")),
    ),
    "azure": (
        Fault("hang", lambda _: requests.ReadTimeout("hung"), seconds=8),
        Fault("refused connection", lambda _: requests.ConnectionError("refused")),
        Fault("429", json_answer(429, {"error": {"code": "429", "message": "rate limit"}}, **{"Retry-After": "10"})),
        Fault("500", json_answer(500, {"error": {"code": "Unspecified", "message": "internal"}})),
        Fault("a page", HTML),
        Fault("closed", lambda _: requests.ConnectionError("closed")),
        Fault("400 without a reason", json_answer(400, {})),
        Fault("wrong key", json_answer(401, {"error": {"code": "401", "message": "Access denied"}})),
    ),
}


AWS = ("dynamodb", "s3", "cloudfront", "secretsmanager", "sqs", "kms", "rekognition")


def fault_of(kind: str, sent: Sent, weather: Weather) -> Fault | None:
    """What goes wrong with this call, if anything does."""
    if kind == "ask" and sent.operation.endswith("/predictions"):
        kind = "create"
    if kind == "toss":
        kind = toss_kind(sent)
    if kind == "comfy":
        kind = comfy_kind(sent)
    faults = {fault.name: fault for fault in _faults_of(kind, sent)}
    return faults.get(weather.draw(kind, [fault.name for fault in _faults_of(kind, sent)]))


def name_of(kind: str, sent: Sent) -> str:
    """What a call is counted as: without the ids in it."""
    if kind in AWS:
        return f"{kind} {sent.operation}"
    if kind == "toss":
        return toss_kind(sent)
    path = re.sub(r"(out-)?p\d{25}|asset-\d+", "{id}", sent.operation)
    return f"{sent.service} {sent.method} {path}"


def _faults_of(kind: str, sent: Sent) -> tuple[Fault, ...]:
    """What can go wrong with this call; a conflict more often than the rest."""
    if kind == "dynamodb" and sent.operation in ("TransactWriteItems", "UpdateItem"):
        return (*FAULTS[kind], *[CONFLICT] * 4)
    if kind == "s3" and "If-None-Match" in sent.headers:
        return (*FAULTS[kind], PUT_CONFLICT)
    return FAULTS[kind]
