"""Posting an event, over real HTTP: signed so that any receiver can verify it, and nothing is taken for granted."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from botocore.exceptions import EndpointConnectionError
from standardwebhooks import Webhook, WebhookVerificationError

from tests.fakes.clock import FakeClock
from tests.fakes.secrets import FakeSecret
from tests.support.wire import Reply, Wire, closed_port
from veil.adapters.aws.secrets import ManagedSecret
from veil.adapters.providers import receiver
from veil.adapters.providers.receiver import HttpReceiver
from veil.domain.event_ports import NotDelivered, ReceiverGone
from veil.domain.events import Event, EventType

pytestmark = pytest.mark.usefixtures("plain_environment")

NEW, OLD = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXc=", "whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQ="
OURS = "A" * 64  # as the stack makes it: letters and digits, which are base64
PATH = "/hook/a-key-of-the-teams?token=another"
EVENT = Event("order-paid-01", EventType.ORDER_PAID, 1_795_000_000.25, {"order_id": "01", "user_id": "ada|한국"})


def to(url: str, *secrets: str) -> HttpReceiver:
    return HttpReceiver(url, FakeSecret(*(secrets or (NEW,))), FakeClock())


@pytest.mark.parametrize("secret", [NEW, OLD, OURS])
def test_any_receiver_can_verify_it(wire: Wire, secret: str) -> None:
    to(wire.url + PATH, secret).post(EVENT)
    (asked,) = wire.asked
    assert (asked.method, asked.path) == ("POST", PATH)
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["webhook-id"] == EVENT.id
    with time_machine.travel(FakeClock()(), tick=False):
        assert Webhook(secret).verify(asked.body, asked.headers) == EVENT.envelope
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(asked.body.replace(b"01", b"02"), asked.headers)


def test_while_a_secret_is_replaced_both_verify(wire: Wire) -> None:
    to(wire.url, NEW, OLD).post(EVENT)
    headers = wire.asked[0].headers
    assert len(headers["webhook-signature"].split(" ")) == 2
    with time_machine.travel(FakeClock()(), tick=False):
        for secret in (NEW, OLD):
            assert Webhook(secret).verify(wire.asked[0].body, headers)


def test_each_try_is_signed_anew_under_the_same_id(wire: Wire) -> None:
    clock = FakeClock()
    to_server = HttpReceiver(wire.url, FakeSecret(NEW), clock)
    for _ in range(2):
        to_server.post(EVENT)
        clock.advance(3600)
    first, second = (asked.headers for asked in wire.asked)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 3600
    assert first["webhook-signature"] != second["webhook-signature"]
    assert wire.asked[0].body == wire.asked[1].body


def test_two_posts_read_the_secret_once(wire: Wire) -> None:
    """So it is posted also where Secrets Manager answers no more."""
    clock, asked = FakeClock(), []

    class Manager:
        def get_secret_value(self, **wanted: str) -> Any:
            asked.append(wanted["VersionStage"])
            if len(asked) > 1:
                raise EndpointConnectionError(endpoint_url="https://secrets")
            return {"VersionId": "1", "SecretString": NEW, "CreatedDate": datetime.fromtimestamp(0, UTC)}

    to_server = HttpReceiver(wire.url, ManagedSecret("veil-test/key", clock, manager=Manager), clock)
    for _ in range(2):
        to_server.post(EVENT)
        clock.advance(6)
    assert len(wire.asked) == 2
    assert asked == ["AWSCURRENT"]


def test_a_secret_that_is_no_base64_signs_nothing(wire: Wire) -> None:
    """Nobody else can have it either; a good one beside it does."""
    to(wire.url, "a", NEW).post(EVENT)
    assert len(wire.asked[0].headers["webhook-signature"].split(" ")) == 1
    with pytest.raises(NotDelivered, match="veil-test/fake is no base64"):
        to(wire.url, "a", "whsec_").post(EVENT)
    assert len(wire.asked) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_2xx_is_delivered(wire: Wire, status: int) -> None:
    wire.answer(Reply(status))
    to(wire.url).post(EVENT)


def test_gone_is_for_good(wire: Wire) -> None:
    wire.answer(Reply(410))
    with pytest.raises(ReceiverGone):
        to(wire.url).post(EVENT)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 408, 429, 500, 502, 503])
def test_whatever_else_is_not(wire: Wire, status: int) -> None:
    """A redirect leads nowhere: whoever could answer one would choose who gets the event."""
    wire.answer(Reply(status, headers={"location": f"{wire.url}/elsewhere"}))
    with pytest.raises(NotDelivered, match=rf"^127.0.0.1 answers {status}$"):
        to(wire.url + PATH).post(EVENT)
    assert len(wire.asked) == 1


def test_a_lost_answer_is_not_delivered(wire: Wire) -> None:
    wire.answer(Reply(reset=True))
    with pytest.raises(NotDelivered, match=r"^127.0.0.1: "):
        to(wire.url + PATH).post(EVENT)


def test_a_server_that_hangs_is_waited_for_no_longer_than_it_may(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiver, "TIMEOUT", 0.05)
    wire.answer(Reply(hang=True))
    with pytest.raises(NotDelivered, match=r"^127.0.0.1: ReadTimeout$"):
        to(wire.url + PATH).post(EVENT)


def test_nobody_is_there() -> None:
    with pytest.raises(NotDelivered, match=r"^127.0.0.1: ConnectError$"):
        to(f"http://127.0.0.1:{closed_port()}{PATH}").post(EVENT)


def test_no_proxy_of_the_environment_is_asked(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    to(wire.url).post(EVENT)


def test_a_body_is_not_read(wire: Wire) -> None:
    wire.answer(Reply(200, b"x" * 1_000_000, chunks=1000))
    to(wire.url).post(EVENT)
    assert wire.hung_up.wait(10)
