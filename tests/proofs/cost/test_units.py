"""DynamoDB's units against the examples of its developer guide, and against every rule that a generation meets."""

from typing import Any

import pytest

from proofs.cost.units import Index, Item, TableShape, Units, consumed, index_units, item_size, read_units, write_units

OPEN = Index("work", ("work_shard", "due_at"))
TABLE = TableShape(("pk", "sk"), (OPEN,))
KEY: dict[str, Any] = {"pk": {"S": "u"}, "sk": {"S": "g"}}


def item(size: int, **more: dict[str, str]) -> Item:
    """An item of just so many bytes."""
    small = {**KEY, **more, "x": {"S": ""}}
    return {**small, "x": {"S": "." * (size - item_size(small))}}


@pytest.mark.parametrize(
    ("size", "eventual", "consistent"),
    [(3_500, 0.5, 1), (4_096, 0.5, 1), (8_192, 1, 2), (0, 0.5, 1), (4_097, 1, 2)],  # 3,500 bytes and 8 KB: the guide's
)
def test_reads_are_by_four_kilobytes_and_half_when_eventually_consistent(
    size: int, eventual: float, consistent: float
) -> None:
    assert read_units(size, consistent=False) == eventual
    assert read_units(size, consistent=True) == consistent


@pytest.mark.parametrize(
    ("size", "plain"), [(512, 1), (1_024, 1), (1_025, 2), (3_072, 3), (0, 1)]
)  # 3 KB, plain and in a transaction: the pricing page's example
def test_writes_are_by_the_kilobyte_and_double_in_a_transaction(size: int, plain: float) -> None:
    assert write_units(size) == plain
    assert write_units(size, transactional=True) == 2 * plain


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "Rosé"}, 5),
        ({"N": "27"}, 2),
        ({"N": "-27"}, 3),
        ({"N": "461"}, 3),
        ({"N": "0"}, 1),
        ({"N": "1700"}, 2),
        ({"N": "0.040"}, 2),
        ({"N": "1795424578.443"}, 8),
        ({"N": "1E+9"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"B": "aGVsbG8="}, 5),
        ({"B": b"hello"}, 5),
        ({"SS": ["ab", "c"]}, 3),
        ({"L": []}, 3),
        ({"M": {}}, 3),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 3 + (1 + 2) + (1 + 2)),
        ({"M": {"0": {"M": {"status": {"S": "queued"}}}}}, 3 + 1 + 1 + (3 + 1 + 6 + 6)),
    ],
)
def test_a_value_weighs_what_the_guide_says(value: dict[str, Any], size: int) -> None:
    assert item_size({"name": value}) == 4 + size


def test_a_read_of_nothing_costs_as_the_smallest_item() -> None:
    assert read("GetItem", {"Key": KEY, "ConsistentRead": True}, {}) == 1
    assert read("GetItem", {"Key": KEY}, {}) == 0.5


def test_a_batch_rounds_each_item_up_and_charges_the_missing_ones() -> None:
    asked = {"RequestItems": {"t": {"Keys": [KEY, KEY, KEY, KEY], "ConsistentRead": True}}}
    answer = {"Responses": {"t": [item(1_536), item(6_656)]}, "UnprocessedKeys": {"t": {"Keys": [KEY]}}}
    assert read("BatchGetItem", asked, answer) == 1 + 2 + 1  # 1.5 KB and 6.5 KB: the guide's example


def test_a_query_is_by_the_sum_of_what_it_evaluates() -> None:
    forty = {"Items": [item(100)] * 40, "Count": 40, "ScannedCount": 40}
    assert read("Query", {"ConsistentRead": True}, forty) == 1  # 40 items of 100 bytes: 4,000, one unit
    filtered = {"Items": [item(3_000)], "Count": 1, "ScannedCount": 3}
    assert read("Query", {"ConsistentRead": True}, filtered) == 3
    assert read("Query", {"IndexName": "work"}, {"Items": [], "Count": 0, "ScannedCount": 0}) == 0.5


def test_a_query_whose_items_are_all_hidden_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="hidden"):
        read("Query", {}, {"Items": [], "Count": 0, "ScannedCount": 2})


def test_a_transactional_read_is_double() -> None:
    answer = {"Responses": [{"Item": item(8_192)}, {}]}
    assert read("TransactGetItems", {"TransactItems": [{}, {}]}, answer) == 4 + 2  # 8 KB, four units: the guide's


def test_a_write_is_by_the_larger_of_before_and_after() -> None:
    asked = {"Key": KEY}
    assert write("UpdateItem", asked, [item(3_000)], [item(500)]) == 3
    assert write("UpdateItem", asked, [item(500)], [item(1_500)]) == 2
    assert write("PutItem", {"Item": item(400)}, [None], [item(400)]) == 1
    assert write("DeleteItem", asked, [item(2_100)], [None]) == 3


def test_a_failed_condition_costs_what_the_write_would_have() -> None:
    stands = item(2_500)
    assert write("UpdateItem", {"Key": KEY}, [stands], [stands]) == 3
    assert write("PutItem", {"Item": item(3_500)}, [stands], [stands]) == 4  # the larger of both: the guide's rule
    assert write("UpdateItem", {"Key": KEY}, [None], [None]) == 1


def test_a_transaction_doubles_the_table_and_not_the_index() -> None:
    opened = item(700, work_shard={"S": "1"}, due_at={"N": "5"})
    asked = {"TransactItems": [{"Put": {"Item": opened}}, {"Update": {"Key": KEY}}]}
    assert write("TransactWriteItems", asked, [None, item(90)], [opened, item(90)]) == 2 + 1 + 2


def test_each_of_a_batch_is_a_write_of_its_own() -> None:
    asked = {"RequestItems": {"t": [{"DeleteRequest": {"Key": KEY}}, {"PutRequest": {"Item": item(1_500)}}]}}
    assert write("BatchWriteItem", asked, [item(2_100), None], [None, item(1_500)]) == 3 + 2


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (None, {"work_shard": "1", "due_at": "5"}, 1),  # it enters
        ({"work_shard": "1", "due_at": "5"}, {}, 1),  # it leaves
        ({"work_shard": "1", "due_at": "5"}, {"work_shard": "1", "due_at": "6"}, 2),  # it moves
        ({"work_shard": "1", "due_at": "5"}, {"work_shard": "1", "due_at": "5", "y": "new"}, 0),  # not projected
        ({"due_at": "5"}, {"due_at": "6"}, 0),  # half a key: never there
    ],
)
def test_the_index_of_keys_alone(before: dict[str, str] | None, after: dict[str, str], units: float) -> None:
    old, new = (None if its is None else {**KEY, **{n: {"S": v} for n, v in its.items()}} for its in (before, after))
    assert index_units(OPEN, TABLE, old, new) == units


def test_an_index_that_projects_more_is_written_where_the_key_stays() -> None:
    wide = Index("wide", ("k",), frozenset({"a"}))
    every = Index("every", ("k",), None)
    old, new = ({**KEY, "k": {"S": "1"}, "a": {"S": of}, "b": {"S": "-"}} for of in ("x", "y" * 1_100))
    other = {**old, "b": {"S": "+"}}
    assert index_units(wide, TABLE, old, new) == 2
    assert index_units(wide, TABLE, old, other) == 0
    assert index_units(every, TABLE, old, other) == 1


def test_what_it_has_no_rule_for_is_no_zero() -> None:
    with pytest.raises(ValueError, match="ExecuteStatement"):
        consumed("ExecuteStatement", {}, [], [], {}, table=TABLE)


def test_a_table_is_known_from_its_description() -> None:
    described = {
        "KeySchema": [{"AttributeName": "pk"}, {"AttributeName": "sk"}],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "work",
                "KeySchema": [{"AttributeName": "work_shard"}, {"AttributeName": "due_at"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    }
    assert TableShape.described(described) == TABLE


def read(operation: str, request: dict[str, Any], response: dict[str, Any]) -> float:
    units = consumed(operation, request, [], [], response, table=TABLE)
    assert units.write == 0
    return units.read


def write(operation: str, request: dict[str, Any], before: list[Item | None], after: list[Item | None]) -> float:
    units = consumed(operation, request, before, after, {}, table=TABLE)
    assert units == Units(write=units.write)
    return units.write
