"""The faults of the calls to Toss and to the key service. What Toss itself answers in error is in `toss`: it binds that
to the idempotency key.
"""

from collections.abc import Iterator

from proofs.chaos.simulation.fault import AWS_JSON, AWS_LOST, HTML, Fault, closed, gateway, hung, refused
from proofs.chaos.simulation.services import json_answer
from veil.adapters.providers.toss import ANSWER_SECONDS, CHARGE_SECONDS, READ_SECONDS

GATEWAY = (500, 502, 503, 504)
_RUNNING = json_answer(409, {"code": "IDEMPOTENT_REQUEST_PROCESSING", "message": "still running"})
_NEW = json_answer(400, {"code": "A_CODE_THAT_IS_NEW", "message": "new"})
_NO_KEY = json_answer(401, {"code": "UNAUTHORIZED_KEY", "message": "who are you"})


def _of_any_call(seconds: float) -> Iterator[Fault]:
    yield Fault("refused connection", refused)
    yield Fault("429", json_answer(429, {"code": "TOO_MANY_REQUESTS", "message": "slowly"}))
    yield Fault("429 without words", gateway(429))
    yield Fault("hang past the time limit, and nothing is done", hung, seconds=seconds)
    yield Fault("closed, and nothing is done", closed)
    yield Fault("a page instead of an answer", HTML, happens=True)
    yield Fault("key refused", _NO_KEY)
    yield from (Fault(f"{status}, and nothing is done", gateway(status)) for status in GATEWAY)


def _of_a_change(seconds: float) -> Iterator[Fault]:
    yield from _of_any_call(seconds)
    yield Fault("answer lost", hung, happens=True, seconds=seconds)
    yield Fault("given up, and done after that", hung, late=True, seconds=seconds)
    yield Fault("closed, and it is done", closed, happens=True)
    yield Fault("409, and it is done later", _RUNNING, late=True)
    yield Fault("an unknown code, and nothing is done", _NEW)
    yield Fault("an unknown code, and it is done", _NEW, happens=True)
    yield from (Fault(f"{status}, and it is done", gateway(status), happens=True) for status in GATEWAY)


MONEY_FAULTS = {
    "toss confirm": tuple(_of_a_change(ANSWER_SECONDS)),
    "toss cancel": tuple(_of_a_change(ANSWER_SECONDS)),
    "toss issue": tuple(_of_a_change(ANSWER_SECONDS)),
    "toss delete": tuple(_of_a_change(ANSWER_SECONDS)),
    "toss charge": tuple(_of_a_change(CHARGE_SECONDS)),
    "toss read": tuple(_of_any_call(READ_SECONDS)),
    "kms": (*AWS_JSON, *AWS_LOST),
}
