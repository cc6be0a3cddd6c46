"""DynamoDB's JSON: what boto3 makes of the same values, and reads from them."""

from decimal import Decimal

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from veil.adapters.dynamodb.encoding import from_wire, to_wire
from veil.domain.generation import ImageStatus

NUMBERS = st.integers(-(10**37), 10**37) | st.decimals(-(10**12), 10**12, allow_nan=False, places=3)
VALUES = st.recursive(
    st.text() | NUMBERS | st.booleans() | st.sampled_from(ImageStatus),
    lambda values: st.dictionaries(st.text(min_size=1), values, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_is_written_as_boto3_writes_it(value: object) -> None:
    assert to_wire(value) == TypeSerializer().serialize(value)


@given(VALUES)
def test_a_value_is_read_as_boto3_reads_it(value: object) -> None:
    wire = TypeSerializer().serialize(value)
    assert from_wire(wire) == TypeDeserializer().deserialize(wire)
    assert from_wire(to_wire(value)) == value


@pytest.mark.parametrize("value", [1.5, None, [1], b"bytes", {1, 2}])
def test_what_no_item_has_is_an_error(value: object) -> None:
    with pytest.raises(TypeError):
        to_wire(value)


@pytest.mark.parametrize("wire", [{"NULL": True}, {"L": []}, {"SS": ["a"]}, {"B": b""}])
def test_what_no_item_of_ours_has_cannot_be_read(wire: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        from_wire(wire)


def test_a_number_is_exact() -> None:
    assert from_wire(to_wire(Decimal("0.1"))) == Decimal("0.1")
    assert to_wire(Decimal("1E+3")) == TypeSerializer().serialize(Decimal("1E+3"))
