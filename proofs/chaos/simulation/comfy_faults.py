"""The faults of one call to a Comfy of one's own: its proxy is killed, its queue is full, its weights are missing."""

from local.simulated.s3 import Answer
from local.simulated.wire import Sent
from proofs.chaos.simulation.fault import HTML, Fault, closed, gateway, hung, refused
from proofs.chaos.simulation.services import json_answer


def _error(status: int, code: str, **headers: str) -> Answer:
    return json_answer(status, {"error": {"code": code, "message": code, "details": {}}}, **headers)


_UNWELL = (
    Fault("proxy is not there", refused),
    Fault("hang", hung, seconds=8),
    Fault("500", _error(500, "upstream_error")),
    Fault("503", _error(503, "upstream_unreachable")),
    Fault("a page instead of an answer", HTML),
)
COMFY_FAULTS = {
    "comfy submit": (
        *_UNWELL,
        Fault("proxy killed, and it runs", closed, happens=True),
        Fault("answer lost", hung, happens=True, seconds=8),
        Fault("503, and it runs", _error(503, "upstream_unreachable"), happens=True),
        Fault("502, and it runs", gateway(502), happens=True),
        Fault("key in use, and nothing runs", _error(422, "idempotency_key_reuse")),
        Fault("key in use, and it runs", _error(422, "idempotency_key_reuse"), happens=True),
        Fault("queue full", _error(429, "queue_full")),
        Fault("not ready", _error(429, "deployment_not_ready", **{"retry-after": "60"})),
        Fault("weights missing", _error(422, "invalid_workflow")),
        Fault("stopped", _error(422, "deployment_stopped")),
        Fault("402", _error(402, "payment_required")),
        Fault("403", _error(403, "forbidden")),
    ),
    "comfy push": (
        *_UNWELL,
        Fault("proxy killed, and it has the photo", closed, happens=True),
        Fault("413", _error(413, "payload_too_large")),
        Fault("429", _error(429, "rate_limited")),
    ),
    "comfy ask": (
        *_UNWELL,
        Fault("proxy killed after", closed, happens=True),
        Fault("401", _error(401, "unauthorized")),
    ),
    "comfy output": (*_UNWELL[:3], Fault("closed", closed)),
}


def kind_of(sent: Sent) -> str:
    """Which of them a call may meet."""
    if sent.operation.endswith("/content"):
        return "comfy output"
    if sent.method == "POST" and sent.operation.endswith("/assets"):
        return "comfy push"
    return "comfy submit" if sent.method == "POST" and sent.operation.endswith("/jobs") else "comfy ask"
