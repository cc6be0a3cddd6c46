"""The models' input schemas (``models.json``), and the checks that Replicate makes against them.

``image`` names the input that holds the photo. Stricter than Replicate in one way: an input that the schema doesn't
name is refused, so that a misspelt one is found here.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MODELS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("models.json").read_text())
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_TOP_LEVEL = {
    "input": {"type": "object"},
    "webhook": {"type": "string", "format": "uri"},
    "webhook_events_filter": {"type": "array", "of": ["start", "output", "logs", "completed"]},
    "stream": {"type": "boolean"},
    "version": {"type": "string"},
}
type InvalidField = dict[str, str]


def photo_urls(model: str, given: dict[str, Any]) -> list[str]:
    """The photos that an input names, in order."""
    value = given.get(MODELS[model]["image"]) or []
    return [value] if isinstance(value, str) else list(value)


def with_defaults(model: str, given: dict[str, Any]) -> dict[str, Any]:
    """The input as the model sees it."""
    properties = MODELS[model]["properties"]
    return {**{name: schema["default"] for name, schema in properties.items() if "default" in schema}, **given}


def invalid_fields(model: str, body: object) -> list[InvalidField]:
    """What is wrong with a create call's body, as Replicate lists it; empty when nothing is."""
    if not isinstance(body, dict):
        return [_wrong("invalid_type", "", f"Invalid type. Expected: object, given: {_type_of(body)}")]
    wrong = list(_object("", body, _TOP_LEVEL, ["input"]))
    given = body.get("input")
    if isinstance(given, dict):
        schema = MODELS[model]
        wrong += _object("input", given, schema["properties"], schema["required"])
        wrong += _limits_with_image(schema, given)
    return wrong


def _object(
    path: str, value: dict[str, Any], properties: dict[str, Any], required: list[str]
) -> Iterator[InvalidField]:
    for name in required:
        if name not in value:
            yield _wrong("required", path, f"{name} is required")
    for name, item in value.items():
        if name in properties:
            yield from _value(f"{path}.{name}".lstrip("."), name, item, properties[name])
        else:
            yield _wrong("additional_property_not_allowed", path, f"Additional property {name} is not allowed")


def _value(path: str, name: str, value: Any, schema: dict[str, Any]) -> Iterator[InvalidField]:
    expected = schema["type"]
    if not isinstance(value, _TYPES[expected]) or (isinstance(value, bool) and expected != "boolean"):
        yield _wrong("invalid_type", path, f"Invalid type. Expected: {expected}, given: {_type_of(value)}")
        return
    if "enum" in schema and value not in schema["enum"]:
        yield _wrong("enum", path, f"{name} must be one of the following: {_quoted(schema['enum'])}")
    if "minimum" in schema and value < schema["minimum"]:
        yield _wrong("number_gte", path, f"Must be greater than or equal to {schema['minimum']}")
    if "maximum" in schema and value > schema["maximum"]:
        yield _wrong("number_lte", path, f"Must be less than or equal to {schema['maximum']}")
    if schema.get("format") == "uri" and not _is_uri(value):
        yield _wrong("format", path, "Does not match format 'uri'")
    if isinstance(value, list):
        yield from _items(path, value, schema)


def _items(path: str, value: list[Any], schema: dict[str, Any]) -> Iterator[InvalidField]:
    if len(value) > schema.get("maxItems", len(value)):
        yield _wrong("array_max_items", path, f"Array must have at most {schema['maxItems']} items")
    for index, item in enumerate(value):
        if "of" in schema and item not in schema["of"]:
            yield _wrong(
                "enum", f"{path}.{index}", f"{path}.{index} must be one of the following: {_quoted(schema['of'])}"
            )
        elif "of" not in schema and not _is_uri(item):
            yield _wrong("format", f"{path}.{index}", "Does not match format 'uri'")


def _limits_with_image(schema: dict[str, Any], given: dict[str, Any]) -> Iterator[InvalidField]:
    for name, limits in schema["properties"].items():
        most, value = limits.get("maximum_with_image"), given.get(name)
        if (
            most is not None
            and given.get(schema["image"])
            and isinstance(value, int)
            and most < value <= limits["maximum"]
        ):
            yield _wrong("number_lte", f"input.{name}", f"Must be less than or equal to {most}")


def _is_uri(value: object) -> bool:
    return isinstance(value, str) and (
        value.startswith("data:") or bool(urlsplit(value).scheme and urlsplit(value).netloc)
    )


def _quoted(values: list[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return next((name for name, types in _TYPES.items() if isinstance(value, types)), "null")


def _wrong(kind: str, field: str, description: str) -> InvalidField:
    return {"type": kind, "field": field, "description": description}
