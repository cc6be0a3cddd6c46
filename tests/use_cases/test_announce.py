"""What has ended is told at least once, whatever is lost; nothing of what is deleted, or of who has left."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fakes.events import FakeReceiver, MemoryOutbox
from tests.fakes.shop import Shop
from tests.fakes.world import World
from tests.use_cases.steps import on_the_list
from veil.domain.deadlines import CLEANUP_SECONDS
from veil.domain.events import Event, EventType, order_paid
from veil.domain.generation import Generation
from veil.domain.orders import OrderKind
from veil.domain.ports import StorageUnavailable, WorkItem, WorkKind
from veil.domain.predictions import PredictionStatus
from veil.use_cases.deliver import Deliver
from veil.use_cases.hand_over import HANDED_OVER_SECONDS


def finished(world: World, *, flagged: int = 0) -> Generation:
    """A generation whose images are all settled, so many of them refunded; what is to be told waits in the queue."""
    generation = world.generation()
    for number, prediction_id in enumerate(list(world.model.started)[-4:]):
        if number < flagged:
            world.finish(prediction_id, PredictionStatus.FLAGGED)
        else:
            world.succeed(prediction_id)
        world.webhook(prediction_id)
    return world.now(generation)


@pytest.mark.parametrize(("flagged", "status"), [(0, "completed"), (1, "partial"), (4, "failed")])
def test_what_is_told_of_a_generation(world: World, flagged: int, status: str) -> None:
    generation = finished(world, flagged=flagged)
    world.tell()
    (event,) = world.bus.events
    assert event == Event(
        f"generation-finished-{generation.id}",
        EventType.GENERATION_FINISHED,
        world.clock(),
        {
            "generation_id": generation.id,
            "user_id": "ada",
            "status": status,
            "stored": 4 - flagged,
            "refunded": flagged,
        },
    )
    assert world.deliveries.events == [event]
    assert world.telemetry.total("EventsAnnounced") == 1
    assert world.now(generation).announced_at == world.clock()


def test_it_is_due_at_once_and_only_the_last_image_hands_it_over(world: World) -> None:
    generation = finished(world)
    assert world.to_tell.items == [WorkItem(WorkKind.GENERATION, "ada", generation.id, world.clock())]
    assert on_the_list(world) == world.to_tell.items


def test_once_told_only_a_refund_is_looked_at_once_more(world: World) -> None:
    one, other = finished(world), finished(world, flagged=1)
    world.tell()
    assert on_the_list(world) == [WorkItem(WorkKind.GENERATION, "ada", other.id, world.clock() + CLEANUP_SECONDS)]
    world.sweep_for(CLEANUP_SECONDS // 60)
    assert on_the_list(world) == []
    assert [event.data["generation_id"] for event in world.bus.events] == [one.id, other.id]


def test_a_message_that_is_lost_is_handed_over_by_the_sweep(world: World) -> None:
    world.to_tell.down = True
    generation = finished(world)  # a queue that is down stops no image
    assert ("generation left to the sweep", {**generation.log_ids, "why": "no queue"}) in world.telemetry.lines
    world.to_tell.down = False
    world.run_sweep()
    world.to_tell.items.clear()  # lost again
    world.clock.advance(HANDED_OVER_SECONDS - 1)
    world.run_sweep()
    assert world.to_tell.items == []
    world.clock.advance(1)
    world.run_sweep()
    world.tell()
    assert len(world.bus.events) == 1
    assert on_the_list(world) == []


def test_a_sweep_whose_queue_is_down_says_so_and_comes_again(world: World) -> None:
    finished(world)
    world.to_tell.items.clear()
    world.to_tell.down = True
    assert len(world.run_sweep().errors) == 1
    world.to_tell.down = False
    world.sweep_for(2)
    assert len(world.bus.events) == 1


def break_bus(world: World) -> None:
    world.bus.down = True


def lose_answer(world: World) -> None:
    world.bus.lost = True


def break_deliveries(world: World) -> None:
    world.deliveries.down = True


@pytest.mark.parametrize(("fault", "put"), [(break_bus, 1), (lose_answer, 2), (break_deliveries, 2)])
def test_what_may_not_have_arrived_is_told_again_under_its_id(
    world: World, fault: Callable[[World], None], put: int
) -> None:
    generation = finished(world)
    fault(world)
    with pytest.raises(StorageUnavailable):
        world.tell()
    assert world.now(generation).announced_at is None
    world.bus.down = world.bus.lost = world.deliveries.down = False
    world.sweep_for(3)
    assert len(world.bus.events) == put
    assert len({event.id for event in world.bus.events}) == 1
    assert len(world.deliveries.events) == 1


def test_a_message_that_comes_twice_tells_once(world: World) -> None:
    finished(world)
    world.to_tell.items *= 2
    world.tell()
    assert len(world.bus.events) == 1


def test_the_last_two_images_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither write sees the other: the sweep finds at the next date that all are settled, and that nobody was told."""
    generation = world.generation()
    first, second = list(world.model.started)[:2]
    for prediction_id in list(world.model.started)[2:]:
        world.succeed(prediction_id)
        world.webhook(prediction_id)
    for prediction_id in (first, second):
        world.finish(prediction_id, PredictionStatus.FLAGGED)
    seen = world.now(generation)
    monkeypatch.setattr(world.generations, "get", lambda *_: seen)
    world.webhook(first)
    world.webhook(second)
    monkeypatch.undo()
    assert world.now(generation).unannounced
    assert world.to_tell.items == []
    world.sweep_for(2)
    assert [event.data["status"] for event in world.bus.events] == ["partial"]
    world.sweep_for(10)
    assert on_the_list(world) == []


def test_nothing_is_told_of_what_is_deleted_before(world: World) -> None:
    generation = finished(world)
    world.gallery.delete("ada", generation.id)
    world.tell()
    assert world.bus.events == []
    world.sweep_for(10)
    assert (world.bus.events, on_the_list(world)) == ([], [])


def test_what_is_deleted_while_it_is_told_stays_deleted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = finished(world)
    put = world.bus.put

    def deleted_meanwhile(event: Event) -> None:
        put(event)
        world.gallery.delete("ada", generation.id)

    monkeypatch.setattr(world.bus, "put", deleted_meanwhile)
    world.tell()
    assert world.now(generation).deleted
    assert world.now(generation).announced_at is None
    world.sweep_for(10)
    assert len(world.bus.events) == 1
    assert on_the_list(world) == []


def test_nothing_is_told_of_who_has_left(world: World) -> None:
    finished(world)
    world.store.erased.add("ada")
    world.tell()
    assert world.bus.events == []


def test_a_refund_is_cleaned_up_in_time_though_nobody_can_be_told(world: World) -> None:
    """And a late output does not wait for the bus."""
    generation = finished(world, flagged=1)
    world.photos.write_once(generation.result_key(0), b"late", next(i.output for i in generation.images if i.output))
    world.to_tell.items.clear()
    world.to_tell.down = True
    for _ in range(CLEANUP_SECONDS // 60 + 1):
        world.clock.advance(60)
        world.run_sweep()
    assert world.stray_objects() == set()
    world.to_tell.down = False
    world.sweep_for(4)
    assert len(world.bus.events) == 1
    assert on_the_list(world) == []


def test_what_an_earlier_version_reserved_is_told_to_nobody(world: World) -> None:
    """It ends as it did then."""
    generation = world.generation()
    world.store.put(replace(world.now(generation), announces=False))
    for prediction_id in list(world.model.started):
        world.succeed(prediction_id)
        world.webhook(prediction_id)
    assert (world.to_tell.items, on_the_list(world)) == ([], [])


def test_a_team_without_a_server_is_told_on_the_bus(world: World) -> None:
    finished(world)
    alone = replace(world.announce, deliveries=None)
    alone(world.to_tell.items.pop())
    assert (len(world.bus.events), world.deliveries.events, on_the_list(world)) == (1, [], [])


@pytest.mark.parametrize("kind", [WorkKind.ORDER, WorkKind.DELETED, WorkKind.ERASURE])
def test_other_work_is_a_defect(world: World, kind: WorkKind) -> None:
    with pytest.raises(ValueError, match=kind):
        world.announce(WorkItem(kind, "ada", "01", 0))


def test_an_order_is_told_from_the_write_that_pays_it(shop: Shop) -> None:
    order = shop.paid()
    assert order.kind is OrderKind.PACK
    (item,) = shop.to_tell.items
    assert item == WorkItem(WorkKind.EVENT, "", f"order-paid-{order.id}", shop.clock())
    outbox = MemoryOutbox(shop.store)
    assert outbox.get(item.id) == order_paid(order)
    assert order_paid(order).data == {
        "order_id": order.id,
        "user_id": "ada",
        "kind": "pack",
        "product": order.product,
        "credits": order.credits,
        "amount": order.amount,
        "currency": "KRW",
    }


def test_a_month_of_the_plan_is_told_as_a_pack_is(shop: Shop) -> None:
    shop.subscribed()
    (renewal,) = shop.renewals()
    assert [item.id for item in shop.to_tell.items] == [f"order-paid-{renewal.id}"]
    assert order_paid(renewal).data["kind"] == "renewal"


def test_an_event_is_gone_once_it_is_told(world: World) -> None:
    event = Event("order-paid-01", EventType.ORDER_PAID, world.clock(), {"order_id": "01", "user_id": "ada"})
    world.store.events[event.id] = event, world.clock()
    world.bus.down = True
    world.run_sweep()
    with pytest.raises(StorageUnavailable):
        world.tell()
    assert on_the_list(world) == [WorkItem.of_event(event.id, world.clock() + HANDED_OVER_SECONDS)]
    world.bus.down = False
    world.sweep_for(2)
    assert world.bus.events == world.deliveries.events == [event]
    assert (world.store.events, on_the_list(world)) == ({}, [])


EVENT = Event("order-paid-01", EventType.ORDER_PAID, 1_795_000_000.25, {"order_id": "01", "user_id": "ada"})


def test_the_envelope() -> None:
    assert EVENT.envelope == {
        "type": "order.paid",
        "timestamp": "2026-11-18T11:06:40.250Z",
        "data": {"order_id": "01", "user_id": "ada"},
    }
    assert Event.from_detail(EVENT.detail) == EVENT


@pytest.mark.parametrize(
    ("status", "done", "metric"),
    [
        (200, True, "EventsDelivered"),
        (410, True, "EventsUndelivered"),
        (500, False, "EventsUndelivered"),
        (404, False, "EventsUndelivered"),
    ],
)
def test_a_post_is_done_or_comes_again(world: World, status: int, done: bool, metric: str) -> None:
    receiver = FakeReceiver()
    receiver.answers = [status]
    assert Deliver(receiver, world.telemetry)(EVENT) is done
    assert receiver.posted == [EVENT]
    assert [one.name for one in world.telemetry.measured] == [metric]
