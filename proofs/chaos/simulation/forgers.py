"""What strangers send to the webhook; none of it may pass, whatever else goes wrong."""

from collections.abc import Callable

from standardwebhooks import Webhook

from local.simulated.functions import http_event
from proofs.chaos.simulation.users import reply_of
from proofs.chaos.simulation.world import World

REFUSED = (401, 404, 422, 503)  # 503 where a secret could not be read


def forge(made: World, path: str, body: bytes) -> None:
    """Send one forgery of a webhook that was sent."""
    kind = made.random.choice(list(FORGERIES))
    made.score.injected[f"webhook forged: {kind}"] += 1
    path, headers, body = FORGERIES[kind](made, path, body)
    event = http_event("POST", path, body=body.decode(), headers=headers)
    reply = reply_of(made.invoke("webhook", event))
    if reply and reply.status not in REFUSED:
        made.score.violation(f"a forged webhook ({kind}) was answered {reply.status}")


type Forged = tuple[str, dict[str, str], bytes]


def _unsigned(_: World, path: str, body: bytes) -> Forged:
    return path, {}, body


def _wrong_secret(made: World, path: str, body: bytes) -> Forged:
    headers = made.replicate.signed("msg_forged", body)
    other = Webhook("whsec_" + "A" * 32)
    return path, {**headers, "webhook-signature": other.sign("msg_forged", made.clock(), body.decode())}, body


def _stale(made: World, path: str, body: bytes) -> Forged:
    return path, made.replicate.signed("msg_stale", body, at=made.now() - 302), body


def _future(made: World, path: str, body: bytes) -> Forged:
    return path, made.replicate.signed("msg_future", body, at=made.now() + 302), body


def _changed(made: World, path: str, body: bytes) -> Forged:
    return path, made.replicate.signed("msg_changed", body), body.replace(b"p0", b"p1", 1)


def _other_token(made: World, path: str, body: bytes) -> Forged:
    """Signed by Replicate, and sent to an address that we never gave."""
    return path[:-1] + ("A" if path[-1] != "A" else "Q"), made.replicate.signed("msg_moved", body), body


FORGERIES: dict[str, Callable[[World, str, bytes], Forged]] = {
    "unsigned": _unsigned,
    "wrong secret": _wrong_secret,
    "stale": _stale,
    "from the future": _future,
    "changed": _changed,
    "token changed": _other_token,
}
