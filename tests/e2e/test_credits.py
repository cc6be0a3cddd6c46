"""The credits are right whatever happens."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from operations.client import VeilClient
from operations.grant import grant
from tests.e2e.world import World, subject, until


def ledger_sum(client: VeilClient) -> int:
    return sum(entry["amount"] for entry in client.get("/credits/entries?limit=50")["items"])


def test_every_image_fails_and_everything_is_refunded(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"outcome": "flagged"})
    done = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    assert done["status"] == "failed"
    assert {image["error"]["code"] for image in done["images"]} == {"content_flagged"}
    assert done["credits"] == {"reserved": 4, "captured": 0, "refunded": 4}
    assert alice.get("/credits") == {"available": 8, "held": 0, "owed": 0}
    assert ledger_sum(alice) == 8


def test_two_of_four_is_partial(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"outcome": ["flagged", "succeeded", "flagged", "succeeded"]})
    done = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    assert done["status"] == "partial"
    assert done["credits"] == {"reserved": 4, "captured": 2, "refunded": 2}
    assert alice.get("/credits") == {"available": 6, "held": 0, "owed": 0}
    assert ledger_sum(alice) == 6


def test_a_failure_is_tried_again(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"outcome": ["failed", "succeeded", "succeeded", "succeeded", "succeeded"]})
    done = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    assert done["status"] == "completed"
    assert world.item(done)["cost"] == Decimal("0.199")  # four first attempts, and one with the second model


@pytest.mark.parametrize("kind", ["missing_output", "not_an_image", "foreign_host", "redirect", "truncated_output"])
def test_an_output_that_cannot_be_used_is_refunded(alice: VeilClient, ready: str, world: World, kind: str) -> None:
    world.misbehave(replicate={"outcome": kind})
    done = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    assert {image["error"]["code"] for image in done["images"]} == {"bad_output"}
    assert alice.get("/credits") == {"available": 8, "held": 0, "owed": 0}


def test_replicate_refuses_for_good(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"create": 402})
    answer = alice.api.post("/generations", json={"upload_id": ready, "style": "classic"})
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_unavailable")
    assert alice.get("/credits") == {"available": 8, "held": 0, "owed": 0}
    assert ledger_sum(alice) == 8


def test_duplicate_and_reordered_webhooks_change_nothing(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"webhooks": {"mode": "repeat", "times": 3}})
    done = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    for prediction in world.predictions(done):
        again = world.control.post(f"/_control/predictions/{prediction['id']}/webhook", json={})
        assert again.json()["status"] == 204
    assert alice.get(f"/generations/{done['id']}")["credits"]["captured"] == 4
    assert alice.get("/credits") == {"available": 4, "held": 0, "owed": 0}


def test_a_forged_webhook_is_refused(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"outcome": "never"})
    started = alice.generate(ready, "classic")
    prediction = world.predictions(started)[0]["id"]
    forged = world.control.post(f"/_control/predictions/{prediction}/webhook", json={"forge": True})
    assert forged.json()["status"] == 401
    assert alice.get("/credits") == {"available": 4, "held": 4, "owed": 0}


def test_lost_webhooks_are_healed_by_the_sweep(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"webhooks": "drop"})
    started = alice.generate(ready, "classic")
    until(lambda: all(each["status"] == "succeeded" for each in world.predictions(started)))
    assert alice.get(f"/generations/{started['id']}")["status"] == "processing"
    world.make_due(started)
    world.sweep()
    assert alice.get(f"/generations/{started['id']}")["status"] == "completed"
    assert alice.get("/credits") == {"available": 4, "held": 0, "owed": 0}


def test_throttled_starts_stay_queued_and_start_later(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"create": 429})
    answer = alice.api.post("/generations", json={"upload_id": ready, "style": "classic"})
    assert answer.status_code == 202
    assert {image["status"] for image in answer.json()["images"]} == {"queued"}
    assert alice.get("/credits") == {"available": 4, "held": 4, "owed": 0}
    world.misbehave(replicate={"create": None})
    world.make_due(answer.json())
    world.sweep()
    assert alice.wait_for_generation(answer.json()["id"])["status"] == "completed"
    assert world.item(answer.json())["cost"] == Decimal("0.16")


def test_an_answer_that_is_lost_is_settled_by_its_webhook(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"create": "lost"})
    started = alice.generate(ready, "classic")
    assert alice.wait_for_generation(started["id"])["status"] == "completed"
    assert alice.get("/credits") == {"available": 4, "held": 0, "owed": 0}


def test_out_of_time_is_cancelled_and_refunded(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(replicate={"outcome": "never"})
    started = alice.generate(ready, "classic")
    world.age(started, 46 * 60)
    world.sweep()
    done = alice.get(f"/generations/{started['id']}")
    assert done["status"] == "failed"
    assert {image["error"]["code"] for image in done["images"]} == {"timed_out"}
    assert alice.get("/credits") == {"available": 8, "held": 0, "owed": 0}
    assert {each["status"] for each in world.predictions(started)} == {"canceled"}


def test_an_idempotency_key_makes_one_generation(alice: VeilClient, ready: str) -> None:
    body, headers = {"upload_id": ready, "style": "classic"}, {"idempotency-key": "tap-1"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: alice.api.post("/generations", json=body, headers=headers), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum(answer.headers.get("idempotency-replayed") == "true" for answer in answers) == 7
    reused = alice.api.post("/generations", json={**body, "style": "modern"}, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    alice.wait_for_generation(answers[0].json()["id"])
    assert alice.get("/credits") == {"available": 4, "held": 0, "owed": 0}


def test_forty_requests_at_once_against_a_balance_for_ten(alice: VeilClient, ready: str, world: World) -> None:
    grant(world.running.stage, subject(alice), 32)
    assert alice.get("/credits")["available"] == 40
    body = {"upload_id": ready, "style": "classic"}
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda _: alice.api.post("/generations", json=body), range(40)))
    assert sorted(answer.status_code for answer in answers) == [202] * 10 + [402] * 30
    refused = next(answer.json() for answer in answers if answer.status_code == 402)
    assert (refused["code"], refused["required"]) == ("insufficient_credits", 4)
    for answer in answers:
        if answer.status_code == 202:
            assert alice.wait_for_generation(answer.json()["id"])["status"] == "completed"
    assert alice.get("/credits") == {"available": 0, "held": 0, "owed": 0}
    assert ledger_sum(alice) == 0


def test_a_crash_between_reservation_and_start_is_finished_by_the_sweep(
    alice: VeilClient, ready: str, world: World
) -> None:
    """The reservation as the function writes it, by the function's own code; and then nothing more."""
    assert alice.get("/credits")["available"] == 8
    generation = world.reserve(subject(alice), ready)
    assert alice.get("/credits") == {"available": 4, "held": 4, "owed": 0}
    world.make_due({"id": generation.id})
    world.sweep()
    assert alice.wait_for_generation(generation.id)["status"] == "completed"
    assert alice.get("/credits") == {"available": 4, "held": 0, "owed": 0}


def test_the_rate_limit_holds_without_redis(alice: VeilClient, ready: str, world: World) -> None:
    world.misbehave(upstash={"html": True})
    answer = alice.api.post("/generations", json={"upload_id": ready, "style": "classic"})
    assert answer.status_code == 202
    assert alice.wait_for_generation(answer.json()["id"])["status"] == "completed"
    counters = [sort for sort in world.sorts(subject(alice)) if sort.startswith("RATE#generations#")]
    assert len(counters) == 1
