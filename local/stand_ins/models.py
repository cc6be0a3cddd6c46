"""The models' input schemas (``models.json``), and Replicate's checks against them, in the words that it uses.

``image`` names the input that holds the photo, ``output`` says whether an answer has the image's URL or a list, and
``source`` where the schema is from. Stricter than Replicate in one way: an input that the schema doesn't
name is refused, so that a misspelt one is found here.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema_rs import Draft202012Validator, ValidationError
from jsonschema_rs import ValidationErrorKind as Kind

MODELS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("models.json").read_text())
_EVENTS = ["start", "output", "logs", "completed"]
_CALL: dict[str, Any] = {
    "webhook": {"type": "string", "format": "uri"},
    "webhook_events_filter": {"type": "array", "items": {"enum": _EVENTS}},
    "stream": {"type": "boolean"},
    "version": {"type": "string"},
}
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
type InvalidField = dict[str, str]


def photo_urls(model: str, given: dict[str, Any]) -> list[str]:
    """The photos that an input names, in order."""
    value = given.get(MODELS[model]["image"]) or []
    return [value] if isinstance(value, str) else list(value)


def output_of(model: str, *urls: str) -> str | list[str]:
    """The output of a prediction in the model's own shape."""
    return list(urls) if MODELS[model]["output"] == "list" else urls[0]


def with_defaults(model: str, given: dict[str, Any]) -> dict[str, Any]:
    """The input as the model sees it."""
    properties = MODELS[model]["properties"]
    return {**{name: schema["default"] for name, schema in properties.items() if "default" in schema}, **given}


def invalid_fields(model: str, body: object) -> list[InvalidField]:
    """What is wrong with a create call's body, as Replicate lists it; empty when nothing is."""
    return [wrong for error in _validator(model).iter_errors(body) for wrong in _described(error)]


@cache
def _validator(model: str) -> Draft202012Validator:
    """``maximum_with_image`` of a property is its maximum for an input with a photo."""
    image, properties = MODELS[model]["image"], MODELS[model]["properties"]
    stricter = {
        name: {"maximum": most} for name, schema in properties.items() if (most := schema.get("maximum_with_image"))
    }
    given = {
        **_object(properties, MODELS[model]["required"]),
        "if": {"required": [image], "properties": {image: {"minLength": 1, "minItems": 1}}},
        "then": {"properties": stricter},
    }
    call = _object({"input": given, **_CALL}, ["input"])
    return Draft202012Validator(call, formats={"uri": _is_uri}, validate_formats=True)


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _described(error: ValidationError) -> Iterator[InvalidField]:
    path = ".".join(map(str, error.instance_path))
    match error.kind:
        case Kind.Required(property=name):
            yield _wrong("required", path, f"{name} is required")
        case Kind.AdditionalProperties(unexpected=names):
            for name in names:
                yield _wrong("additional_property_not_allowed", path, f"Additional property {name} is not allowed")
        case Kind.Type(types=types):
            given = _TYPES.get(type(error.instance), "null")
            yield _wrong("invalid_type", path, f"Invalid type. Expected: {types[0]}, given: {given}")
        case Kind.Enum(options=options):
            quoted = ", ".join(f'"{option}"' for option in options)
            yield _wrong("enum", path, f"{path.removeprefix('input.')} must be one of the following: {quoted}")
        case Kind.Minimum(limit=limit):
            yield _wrong("number_gte", path, f"Must be greater than or equal to {limit}")
        case Kind.Maximum(limit=limit):
            yield _wrong("number_lte", path, f"Must be less than or equal to {limit}")
        case Kind.MaxItems(limit=limit):
            yield _wrong("array_max_items", path, f"Array must have at most {limit} items")
        case Kind.Format(format=format_):
            yield _wrong("format", path, f"Does not match format '{format_}'")


def _is_uri(value: str) -> bool:
    return value.startswith("data:") or bool(urlsplit(value).scheme and urlsplit(value).netloc)


def _wrong(kind: str, field: str, description: str) -> InvalidField:
    return {"type": kind, "field": field, "description": description}
