"""schemathesis, led by the served document, finds nothing on the deployed API: no 5xx, no status, header, body or
member that is not documented; and what it sends comes through to every route.
"""

from pathlib import Path

import httpx
import pytest

from local.cloud.running import RunningCloud
from local.demo import PHOTO
from operations.client import VeilClient
from operations.grant import grant
from operations.visit import Ask
from tests.e2e.schemathesis_run import Known, Run
from tests.e2e.world import World
from tests.support.conformance import strict
from veil.api import openapi

CREDITS = 10_000
KNOWN = 6  # generations that are there from the start; half of them are there to be deleted

# What each route has to have answered at least once, or the run has shown little.
REACHED = {
    "GET /health": {200},
    "GET /styles": {200},
    "GET /openapi.json": {200},
    "POST /uploads": {201, 413, 415, 422},
    "GET /uploads/{upload_id}": {200, 404},
    "POST /generations": {202, 200, 404, 422},
    "GET /generations": {200, 422},
    "GET /generations/{generation_id}": {200, 404},
    "DELETE /generations/{generation_id}": {204, 404},
    "PUT /generations/{generation_id}/selection": {200, 404, 422},
    "DELETE /generations/{generation_id}/selection": {204, 404},
    "GET /credits": {200},
    "GET /credits/entries": {200, 422},
    "GET /consents": {200},
    "PUT /consents/{kind}": {200, 422},
    "GET /products": {200},
    "POST /orders": {201, 422},
    "GET /orders": {200, 422},
    "GET /orders/{order_id}": {200, 404},
    "POST /orders/{order_id}/confirm": {404, 409, 422},
    "POST /orders/{order_id}/refund": {202, 404, 409},
    "POST /subscriptions": {200},
    "POST /subscriptions/confirm": {409, 422},
    "GET /subscriptions/current": {404},
    "PUT /subscriptions/current": {404, 422},
    "DELETE /subscriptions/current": {404},
    "POST /webhooks/toss/{secret}": {200, 404},
    "POST /webhooks/{provider}/{token}": {204, 401, 404},
}


def _uploaded(client: VeilClient, photo: bytes) -> str:
    upload = client.ask_upload(photo, "image/jpeg")
    client.put_photo(upload, photo)
    upload_id: str = client.wait_for_upload(upload["upload_id"])["upload_id"]
    return upload_id


def _bought(client: VeilClient, running: RunningCloud) -> str:
    """An order that is paid."""
    order = client.ask(Ask("POST", "/orders", {"product": "pack_small"}, expected={201})).json()
    asked = {"orderId": order["id"], "amount": order["amount"], "orderName": order["order_name"]}
    asked |= {"customerKey": order["customer_key"], "clientKey": order["client_key"]}
    paid = httpx.post(f"{running.providers_url}/_control/toss/pay", json=asked, trust_env=False).raise_for_status()
    body = {"payment_key": paid.json()["paymentKey"], "amount": order["amount"]}
    client.ask(Ask("POST", f"/orders/{order['id']}/confirm", body))
    return str(order["id"])


@pytest.fixture
def known(alice: VeilClient, world: World, running: RunningCloud) -> Known:
    """What is there: a photo that is ready and one that was rejected, generations, a webhook that was sent."""
    grant(running.stage, alice.sub, CREDITS)
    ready, rejected = _uploaded(alice, PHOTO.read_bytes()), _uploaded(alice, b"no photo")
    made = [alice.generate(ready, "classic") for _ in range(KNOWN)]
    ids = [alice.wait_for_generation(each["id"])["id"] for each in made]
    prediction = world.predictions(made[0])[0]
    return Known(
        uploads=[ready, ready, ready, rejected],
        generations=ids[: KNOWN // 2],
        doomed=ids[KNOWN // 2 :],
        tokens=[prediction["webhook"].rpartition("/")[2]],
        predictions=[prediction["id"]],
        orders=[_bought(alice, running) for _ in range(3)],
        secrets=[_secret(running, "toss-webhook-key")],
    )


def _secret(running: RunningCloud, name: str) -> str:
    return str(running.client("secretsmanager").get_secret_value(SecretId=f"veil-local/{name}")["SecretString"])


@pytest.fixture
def run(alice: VeilClient, known: Known, running: RunningCloud, tmp_path: Path, pytestconfig: pytest.Config) -> Run:
    signing = _secret(running, "webhook-signing-secret")
    token = alice.api.headers["authorization"].removeprefix("Bearer ")
    served = httpx.get(f"{running.api_url}/openapi.json", trust_env=False)
    assert served.text == openapi.text()
    examples, seed = (pytestconfig.getoption(name) for name in ("schemathesis_examples", "schemathesis_seed"))
    return Run.of(
        tmp_path,
        document=strict(served.json()),
        url=running.api_url,
        known=known,
        token=token,
        signing_secret=signing,
        examples=examples,
        seed=seed,
    )


def test_it_finds_nothing(run: Run) -> None:
    assert run.status == 0, run.output
    print(run.output, run.table(), sep="\n")  # noqa: T201 - shown by 'make schemathesis', or when it fails
    missed = {route: wanted - set(run.answers[route]) for route, wanted in REACHED.items()}
    assert not {route: statuses for route, statuses in missed.items() if statuses}
