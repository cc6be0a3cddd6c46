"""JSON Schemas as client generators like them best."""

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

type Json = dict[str, Any]

REF = "#/components/schemas/"


def schemas_of(answers: Iterable[type[BaseModel]], requests: Iterable[type[BaseModel]]) -> Json:
    """The schemas of these bodies and of their parts, by name."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "serialization") for model in answers),
        *((model, "validation") for model in requests),
    ]
    _, made = models_json_schema(models, ref_template=REF + "{model}")
    found: Json = plain(made["$defs"])
    return found


def plain(schema: Any) -> Any:
    """A schema as a person would write it: no title that repeats a name, no default of null, whole numbers as such,
    and `type: [X, "null"]` for what may be null.
    """
    match schema:
        case {"anyOf": [{"type": str(kind), **one}, {"type": "null"}], **rest}:
            match one:
                case {"enum": list(values)}:  # which are all that there may be
                    one["enum"] = [*values, None]
            return plain({"type": [kind, "null"], **one, **rest})
        case dict():
            return {key: plain(value) for key, value in schema.items() if not _says_nothing(key, value)}
        case list():
            return [plain(each) for each in schema]
        case float() if schema.is_integer():
            return int(schema)
    return schema


def used(schemas: Json, document: Json) -> Json:
    """The schemas that the document refers to, and those that they refer to; raises `KeyError` for one that is none."""
    found: Json = {}
    ahead = [document]
    while ahead:
        for name in re.findall(rf'"{REF}(\w+)"', json.dumps(ahead.pop())):
            if name not in found:
                found[name] = schemas[name]
                ahead.append(found[name])
    return dict(sorted(found.items()))


def _says_nothing(key: str, value: object) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)
