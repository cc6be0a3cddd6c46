"""Make a layer smaller: leave out what no function uses (a third of the weight) and what a cold start would read for
nothing.
"""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The operations that functions call: botocore reads a service's whole model to make a client. All models: 25 MB.
OPERATIONS = {
    "cloudfront": {
        "CreateInvalidation", "CreateKeyGroup", "CreatePublicKey", "DeleteKeyGroup", "DeletePublicKey", "GetKeyGroup",
        "GetPublicKey", "ListKeyGroups", "ListPublicKeys", "UpdateKeyGroup",
    },
    "cognito-idp": {"AdminDeleteUser", "AdminGetUser"},
    "dynamodb": {
        "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems",
        "UpdateItem",
    },
    "events": {"PutEvents"},
    "kms": {"Decrypt", "Encrypt"},
    "rekognition": {"CompareFaces"},
    "s3": {"DeleteObjects", "GetObject", "HeadObject", "ListObjectVersions", "PutObject"},
    "secretsmanager": {"GetSecretValue", "PutSecretValue"},
    "sqs": {"ChangeMessageVisibility", "SendMessage", "SendMessageBatch"},
}  # fmt: skip
UNUSED = (
    "bin", ".lock", "*/tests", "*/test", "*.dist-info/RECORD", "*.dist-info/sboms", "botocore/data/*/*/examples-*",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.min.*",
    "aws_lambda_powertools/utilities/data_classes/event_source.py",  # would be imported at once, with the tracer
    *(f"aws_lambda_powertools/utilities/{name}" for name in (
        "auth_alpha", "circuit_breaker", "data_masking", "feature_flags", "idempotency", "kafka", "parameters",
        "parser", "streaming",
    )),
)  # fmt: skip
PROSE = {"documentation", "documentationUrl"}

type Json = dict[str, Any]


def trim(packages: Path) -> None:
    """Trim a layer's ``packages`` in place."""
    for unused in UNUSED:
        for path in packages.glob(unused):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if (data := packages / "botocore" / "data").exists():
        _trim_botocore(data)


def _trim_botocore(data: Path) -> None:
    for service in data.glob("*/"):
        *older, _ = sorted(service.glob("*/"))  # CloudFront has nineteen versions of its model
        for unused in older if service.name in OPERATIONS else [service]:
            shutil.rmtree(unused)
    for packed in data.glob("*/*/*.json.gz"):  # a layer is packed as a whole
        _write(packed.with_suffix(""), json.loads(gzip.decompress(packed.read_bytes())))
        packed.unlink()
    for model in data.glob("*/*/service-2.json"):
        _write(model, trimmed_model(json.loads(model.read_text()), OPERATIONS[model.parent.parent.name]))
    endpoints = data / "endpoints.json"
    document = json.loads(endpoints.read_text())
    for partition in document["partitions"]:
        partition["services"] = {name: partition["services"].get(name, {}) for name in sorted(OPERATIONS)}
    _write(endpoints, document)


def trimmed_model(model: Json, operations: set[str]) -> Json:
    """A service's model with these operations, the shapes that they reach, and no prose."""
    kept = {name: model["operations"][name] for name in sorted(operations)}
    reached: set[str] = set()
    ahead = list(_shapes(kept))
    while ahead:
        if (shape := ahead.pop()) not in reached:
            reached.add(shape)
            ahead += _shapes(model["shapes"][shape])
    shapes = {name: shape for name, shape in model["shapes"].items() if name in reached}
    return {**model, "operations": _without_prose(kept), "shapes": _without_prose(shapes)}


def _shapes(document: Any) -> Iterator[str]:
    """The names of all shapes that ``document`` refers to."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name == "shape" and isinstance(value, str):
                yield value
            else:
                yield from _shapes(value)
    elif isinstance(document, list):
        for each in document:
            yield from _shapes(each)


def _without_prose(document: Any) -> Any:
    if isinstance(document, dict):
        return {
            name: _without_prose(value)
            for name, value in document.items()
            if not (name in PROSE and isinstance(value, str))
        }
    return [_without_prose(each) for each in document] if isinstance(document, list) else document


def _write(file: Path, document: Json) -> None:
    file.write_text(json.dumps(document, separators=(",", ":")))
