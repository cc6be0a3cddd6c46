"""Python values in DynamoDB's JSON, and back: the types that our items have.

boto3 has the same, in a package that takes a fifteenth of a cold start to import; a test holds ours against it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def to_wire(value: object) -> dict[str, Any]:
    """``{"S": "text"}`` and its like; raises `TypeError` for a float, which is not exact, and for other types."""
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int() | Decimal():
            return {"N": str(value)}
        case Mapping():
            return {"M": {name: to_wire(of) for name, of in value.items()}}
        case _:
            raise TypeError(f"no item has a {type(value).__name__}")


def from_wire(value: Mapping[str, Any]) -> Any:
    """The Python value; a number is a `Decimal`."""
    ((kind, of),) = value.items()
    match kind:
        case "S" | "BOOL":
            return of
        case "N":
            return Decimal(of)
        case "M":
            return {name: from_wire(each) for name, each in of.items()}
        case _:
            raise TypeError(f"no item has a {kind}")


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """An item on the wire; what is None is left out."""
    return {name: to_wire(value) for name, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: from_wire(value) for name, value in item.items()}


def number(value: float) -> Decimal:
    """A time as the table keeps it: epoch seconds with milliseconds."""
    return Decimal(str(round(value, 3)))
