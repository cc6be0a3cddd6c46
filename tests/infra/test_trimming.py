"""Models without what no function uses, and with all that it does."""

import json
from pathlib import Path

import botocore
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from infra.trimming import OPERATIONS, trim, trimmed_model

DATA = Path(botocore.__file__).parent / "data"


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_a_trimmed_model_has_its_operations_whole(service: str) -> None:
    whole = Loader().load_service_model(service, "service-2")
    trimmed = trimmed_model(whole, OPERATIONS[service])
    assert "documentation" not in json.dumps(trimmed).replace('"documentation": {', "")
    assert len(json.dumps(trimmed)) < len(json.dumps(whole)) / 5
    ours, theirs = ServiceModel(trimmed, service), ServiceModel(whole, service)
    assert set(ours.operation_names) == OPERATIONS[service]
    for name in ours.operation_names:
        assert _described(ours.operation_model(name)) == _described(theirs.operation_model(name))


def _described(operation: object) -> object:
    """An operation's shapes as a tree, as deep as they go."""

    def described(shape: object, above: tuple[str, ...] = ()) -> object:
        if shape is None or shape.name in above:  # type: ignore[attr-defined]
            return None
        inner = (*above, shape.name)  # type: ignore[attr-defined]
        members = {name: described(of, inner) for name, of in getattr(shape, "members", {}).items()}
        parts = [described(getattr(shape, part, None), inner) for part in ("member", "key", "value")]
        return shape.name, shape.type_name, shape.serialization, members, parts  # type: ignore[attr-defined]

    shapes = (operation.input_shape, operation.output_shape, *operation.error_shapes)  # type: ignore[attr-defined]
    return [described(shape) for shape in shapes]


def test_what_is_unused_is_gone(tmp_path: Path) -> None:
    for unused in ("bin/tool", "one/tests/test_it.py", "aws_lambda_powertools/utilities/kafka/a.py", "one/code.py"):
        (tmp_path / unused).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / unused).touch()
    trim(tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")] == ["one/code.py"]
