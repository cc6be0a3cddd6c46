"""Webhooks: forged, repeated, late, out of order, or of another prediction."""

from dataclasses import replace

import pytest

from tests.fakes.replicate import SIGNED, Lost
from tests.fakes.world import World
from tests.use_cases.steps import REFUNDED, STORED, end, first, last_image, latest
from veil.domain.errors import InvalidSignature, TokenNotFound
from veil.domain.image_models import REPLICATE
from veil.domain.ports import AttemptRef
from veil.domain.predictions import OutputUnavailable, PredictionStatus
from veil.use_cases.settle import Settlement

S = PredictionStatus


def test_a_webhook_that_comes_again_changes_nothing(world: World) -> None:
    generation = world.generation()
    end(world, S.SUCCEEDED, b"portrait")
    before = world.now(generation)
    world.outputs.found.clear()
    assert world.webhook(latest(world)) is Settlement.ALREADY_SETTLED
    assert world.now(generation) == before
    message, ids = world.telemetry.lines[-1]
    assert (message, ids["outcome"]) == ("webhook", "already_settled")


def test_a_prediction_that_still_runs_is_not_settled(world: World) -> None:
    generation = world.generation()
    assert world.webhook(first(world)) is Settlement.NOT_FINISHED
    assert world.now(generation) == generation


def test_an_output_that_is_not_there_yet_is_asked_for_again(world: World) -> None:
    generation = world.generation()
    with pytest.raises(OutputUnavailable):
        end(world, S.SUCCEEDED, OutputUnavailable("503"))
    assert world.now(generation) == generation
    assert end(world, S.SUCCEEDED, b"portrait") is Settlement.STORED


def test_a_failure_of_an_older_attempt_is_stale(world: World) -> None:
    generation = world.generation()
    old = latest(world)
    end(world, S.FAILED)
    before = world.now(generation)
    assert world.webhook(old) is Settlement.STALE
    assert world.now(generation) == before


def test_a_success_of_an_older_attempt_wins_while_the_image_is_open(world: World) -> None:
    world.model.answers.append(Lost(runs=True))
    generation = world.generation()
    old = first(world)
    world.sweep_for(15)  # given up, and started again
    assert world.now(generation).images[0].attempt > 1
    world.succeed(old)
    assert world.webhook(old) is Settlement.STORED
    assert world.now(generation).images[0].status is STORED
    assert world.stray_objects() == set()


def test_a_success_after_the_refund_is_not_stored(world: World) -> None:
    generation = world.generation()
    old = latest(world)
    for _ in range(3):
        end(world, S.FAILED)
    world.model.started[old].prediction = world.model.started[old].prediction.__class__(old, S.SUCCEEDED, ("url",))
    assert world.webhook(old) is Settlement.ALREADY_SETTLED
    assert last_image(world, generation).status is REFUNDED
    assert world.photos.read(generation.result_key(3)) is None


def test_a_webhook_finds_the_image_whose_answer_was_lost(world: World) -> None:
    world.model.answers.append(Lost(runs=True))
    generation = world.generation()
    world.succeed(first(world))
    assert world.webhook(first(world)) is Settlement.STORED
    assert world.now(generation).images[0].status is STORED


def test_a_forged_webhook_is_refused(world: World) -> None:
    generation = world.generation()
    started = world.model.started[first(world)]
    world.succeed(first(world))
    with pytest.raises(InvalidSignature):
        world.receive(REPLICATE, started.token, {"webhook-signature": "wrong"}, first(world).encode())
    with pytest.raises(TokenNotFound):
        world.receive(REPLICATE, "forged", SIGNED, first(world).encode())
    assert world.now(generation) == generation


def test_a_refused_callback_names_the_secret_that_may_be_wrong(world: World) -> None:
    with pytest.raises(InvalidSignature):
        world.receive("replicate", "token", {}, b"{}")
    assert [ids["secret"] for _, ids in world.telemetry.lines if "secret" in ids] == ["veil-test/signing"]


def test_another_predictions_message_is_refused(world: World) -> None:
    generation = world.generation()
    world.succeed(first(world))
    with pytest.raises(TokenNotFound):
        world.receive(REPLICATE, world.model.started[latest(world)].token, SIGNED, first(world).encode())
    assert world.now(generation) == generation


def test_a_token_of_an_image_that_is_not_is_refused(world: World) -> None:
    generation = world.generation()
    token = world.tokens.seal(AttemptRef("ada", generation.id, 4, 1))
    with pytest.raises(TokenNotFound):
        world.receive(REPLICATE, token, SIGNED, first(world).encode())


def test_a_token_of_an_attempt_that_was_never_started_settles_nothing(world: World) -> None:
    generation = world.generation()
    world.succeed(first(world))
    token = world.tokens.seal(AttemptRef("ada", generation.id, 0, 2))
    assert world.receive(REPLICATE, token, SIGNED, first(world).encode()) is Settlement.STALE
    assert world.now(generation) == generation


def test_another_providers_callback_settles_nothing(world: World) -> None:
    """Whoever can sign as one provider can't speak for the attempts of another."""
    generation = world.generation()
    world.succeed(first(world))
    receive = replace(world.receive, callbacks={"other": world.model})
    token = world.model.started[first(world)].token
    for provider in ("other", REPLICATE, ""):
        with pytest.raises(TokenNotFound):
            receive(provider, token, SIGNED, first(world).encode())
    assert world.now(generation) == generation


def test_a_generation_that_is_gone_has_nothing_to_settle(world: World) -> None:
    world.generation()
    world.succeed(first(world))
    world.store.generations.clear()
    assert world.webhook(first(world)) is Settlement.ALREADY_SETTLED
    assert world.stray_objects() == set()
