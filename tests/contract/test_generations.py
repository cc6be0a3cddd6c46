"""Generations as people see them, and the sweep's work list."""

from dataclasses import replace
from typing import Any

import pytest

from tests.contract.backends import Backend
from tests.contract.images import OUTPUT
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.adapters.dynamodb.table import Table
from veil.domain.generation import Generation
from veil.domain.ports import StorageUnavailable, WorkItem

NOW = START + 20


def finished(backend: Backend, user: str, now: float = START) -> Generation:
    """One whose first image is stored, and its only one."""
    running = backend.running(user, now, images=1)
    after = backend.ledger.capture(running, running.images[0], OUTPUT, now, None)
    assert after is not None
    return after


def ids(backend: Backend, user: str, limit: int = 50, after: str | None = None) -> list[str]:
    return [one.id for one in backend.generations.newest(user, limit, after).items]


def test_what_is_not_there_is_not_found(backend: Backend, user: str) -> None:
    generation = backend.reserved(user, START)
    assert backend.generations.get(user, backend.new_id(START)) is None
    assert backend.generations.get(f"{user}2", generation.id) is None
    assert ids(backend, f"{user}2") == []


def test_they_come_page_by_page_newest_first(backend: Backend, user: str) -> None:
    made = [backend.reserved(user, START + number).id for number in range(5)]
    first = backend.generations.newest(user, 2, None)
    assert [one.id for one in first.items] == [made[4], made[3]]
    second = backend.generations.newest(user, 2, first.next)
    assert [one.id for one in second.items] == [made[2], made[1]]
    third = backend.generations.newest(user, 2, second.next)
    assert [one.id for one in third.items] == [made[0]]
    assert (first.next, second.next, third.next) == (made[3], made[1], None)


def test_what_is_being_deleted_is_not_listed_and_leaves_no_gap(backend: Backend, user: str) -> None:
    made = [finished(backend, user, START + number) for number in range(5)]
    for hidden in (made[1], made[2], made[3]):
        backend.generations.begin_delete(hidden, NOW)
    page = backend.generations.newest(user, 1, None)
    assert [one.id for one in page.items] == [made[4].id]
    assert ids(backend, user, 1, page.next) == [made[0].id]
    assert backend.generations.newest(user, 1, page.next).next is None
    assert backend.stands(made[1]).deleted


def test_a_page_behind_deleted_ones_is_read_as_one(
    backend: Backend, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [finished(backend, user, START + number) for number in range(8)]
    for one in made[2:]:
        assert backend.generations.begin_delete(one, NOW)
    pages: list[int] = []
    read = Table.pages

    def counting(table: Table, send: Any, **request: Any) -> Any:
        def answer(**asked: Any) -> Any:
            page = send(**asked)
            pages.append(page["ScannedCount"])
            return page

        return read(table, answer, **request)

    monkeypatch.setattr(Table, "pages", counting)
    assert ids(backend, user, 1) == [made[1].id]
    assert pages in ([], [2])  # what is in memory has no pages


def test_an_id_that_is_recorded_during_a_deletion_is_kept(
    backend: Backend, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = backend.running(user, START, images=1)
    generation = backend.ledger.capture(running, running.images[0], OUTPUT, START, None)
    assert generation is not None
    transact = Table.transact
    tries: list[list[dict[str, Any]]] = []

    def late(table: Table, writes: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        if not tries:
            backend.ledger.record_starts(running, {0: "late"}, [], None)
        tries.append(writes)
        return transact(table, writes)

    monkeypatch.setattr(Table, "transact", late)
    hidden = backend.generations.begin_delete(generation, NOW)
    monkeypatch.undo()
    if tries:  # in memory it is one write
        assert len(tries) == 2
        assert backend.stands(generation).images[0].prediction_id == "late"
    assert backend.stands(generation) == hidden


def test_a_generation_that_never_stands_still_is_not_deleted(
    backend: Backend, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = finished(backend, user)
    with monkeypatch.context() as patch:
        patch.setattr(Table, "transact", lambda *_: {0: {}})
        try:
            hidden = backend.generations.begin_delete(generation, NOW)
        except StorageUnavailable:
            assert backend.stands(generation) == generation
        else:
            assert backend.stands(generation) == hidden  # in memory


def test_a_stored_image_is_selected_and_unselected(backend: Backend, user: str) -> None:
    generation = finished(backend, user)
    selected = backend.generations.select(generation, 0)
    assert selected == replace(generation, selected=0)
    assert backend.stands(generation) == selected
    assert backend.generations.select(generation, None) == generation
    assert backend.generations.select(generation, None) == generation


def test_an_image_that_is_not_stored_is_not_selected(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    assert backend.generations.select(running, 1) is None
    assert backend.stands(running) == running


def test_nothing_is_selected_of_what_is_deleted(backend: Backend, user: str) -> None:
    generation = finished(backend, user)
    hidden = backend.generations.begin_delete(generation, NOW)
    assert backend.generations.select(generation, 0) is None
    assert backend.generations.select(generation, None) is None
    assert backend.stands(generation) == hidden
    backend.erase(generation)
    assert backend.generations.select(generation, 0) is None
    assert backend.generations.select(generation, None) is None
    assert backend.generations.get(user, generation.id) is None


def test_deletion_begins_once_and_puts_it_on_the_list(backend: Backend, user: str) -> None:
    generation = finished(backend, user)
    assert backend.due(generation, NOW + 500) == []
    hidden = backend.generations.begin_delete(generation, NOW + 120.5)
    assert hidden == replace(generation, deleted=True, due_at=NOW + 120.5)
    assert backend.generations.begin_delete(generation, NOW + 300) is None
    assert backend.stands(generation) == hidden
    assert backend.due(generation, NOW + 500) == [NOW + 120.5]


def test_closing_what_was_deleted_meanwhile_is_lost(backend: Backend, user: str) -> None:
    running = backend.running(user, START, images=1)
    generation = backend.ledger.capture(running, running.images[0], OUTPUT, START, NOW)
    assert generation is not None
    hidden = backend.generations.begin_delete(generation, NOW)
    backend.work.close(generation, NOW)
    assert backend.stands(generation) == hidden
    assert backend.due(generation, NOW) == [NOW]


def test_what_still_holds_credits_is_not_deleted(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    assert backend.generations.begin_delete(running, NOW) is None
    assert backend.stands(running) == running


def test_what_is_gone_is_not_deleted(backend: Backend, user: str) -> None:
    generation = finished(backend, user)
    backend.erase(generation)
    assert backend.generations.begin_delete(generation, NOW) is None
    assert backend.generations.get(user, generation.id) is None
    backend.erase(generation)


def test_what_is_due_is_on_the_list(backend: Backend, user: str) -> None:
    made = [backend.reserved(user, START, due_at=NOW + number) for number in range(12)]  # in every shard
    found = {(item.user, item.id): item.due_at for item in backend.work.due(NOW + 5)}
    assert [found.get((user, one.id)) for one in made] == [NOW + number for number in range(6)] + [None] * 6


def test_the_longest_due_comes_first_whatever_its_shard(backend: Backend, user: str) -> None:
    made = [backend.reserved(user, START, due_at=NOW - number) for number in range(12)]
    found = [item.id for item in backend.work.due(NOW) if item.user == user]
    assert found == [one.id for one in reversed(made)]


def test_a_lease_moves_the_date(backend: Backend, user: str) -> None:
    generation = backend.reserved(user, START, due_at=NOW)
    leased = backend.work.lease(WorkItem.of(generation, NOW), NOW + 300.125)
    assert leased == replace(generation, due_at=NOW + 300.125)
    assert backend.due(generation, NOW + 300) == []
    assert backend.due(generation, NOW + 301) == [NOW + 300.125]


def test_a_date_finer_than_the_table_keeps_can_be_leased(backend: Backend, user: str) -> None:
    generation = backend.reserved(user, START, due_at=NOW + 0.123456)
    (seen,) = backend.due(generation, NOW + 1)
    assert backend.work.lease(WorkItem.of(generation, seen), NOW + 90.654321)
    (seen,) = backend.due(generation, NOW + 91)
    leased = backend.work.lease(WorkItem.of(generation, seen), NOW + 300.111111)
    assert leased is not None
    assert leased.due_at is not None
    backend.work.close(leased, leased.due_at)
    assert backend.due(generation, NOW + 500) == []


def test_a_lease_is_lost_once_the_date_has_moved(backend: Backend, user: str) -> None:
    generation = backend.reserved(user, START, due_at=NOW)
    first = backend.work.lease(WorkItem.of(generation, NOW), NOW + 300)
    assert backend.work.lease(WorkItem.of(generation, NOW), NOW + 600) is None
    assert backend.stands(generation) == first
    backend.erase(generation)
    assert backend.work.lease(WorkItem.of(generation, NOW + 300), NOW + 600) is None
    assert backend.generations.get(user, generation.id) is None


def test_what_is_off_the_list_is_not_leased(backend: Backend, user: str) -> None:
    generation = finished(backend, user)
    assert backend.work.lease(WorkItem.of(generation, START + 90), NOW) is None
    assert backend.stands(generation) == generation


def test_closing_takes_a_leased_generation_off_the_list(backend: Backend, user: str) -> None:
    generation = backend.reserved(user, START, due_at=NOW)
    leased = backend.work.lease(WorkItem.of(generation, NOW), NOW + 300)
    assert leased is not None
    backend.work.close(leased, NOW + 300)
    assert backend.due(generation, NOW + 1000) == []
    assert backend.stands(generation) == replace(generation, due_at=None)


def test_closing_is_lost_once_the_date_has_moved(backend: Backend, user: str) -> None:
    generation = backend.reserved(user, START, due_at=NOW)
    leased = backend.work.lease(WorkItem.of(generation, NOW), NOW + 300)
    moved = backend.work.lease(WorkItem.of(generation, NOW + 300), NOW + 120)
    assert leased is not None
    backend.work.close(leased, NOW + 300)
    assert backend.stands(generation) == moved
    assert backend.due(generation, NOW + 120) == [NOW + 120]
    backend.erase(generation)
    backend.work.close(leased, NOW + 300)
    assert backend.generations.get(user, generation.id) is None


@RACES
def test_of_two_sweeps_at_once_one_gets_the_lease(backend: Backend, user: str) -> None:
    for _ in range(5):
        generation = backend.reserved(user, START, due_at=NOW)
        results = at_once([lambda g=generation: backend.work.lease(WorkItem.of(g, NOW), NOW + 300)] * 2)  # type: ignore[misc]
        assert sorted(result is None for result in results) == [False, True]
