"""Models without what no function uses, and with all that it does."""

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.session import Session

from infra.trimming import OPERATIONS, trim, trimmed_model

DATA = Path(botocore.__file__).parent / "data"


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_a_trimmed_model_has_its_operations_whole(service: str) -> None:
    whole = Loader().load_service_model(service, "service-2")
    trimmed = trimmed_model(whole, OPERATIONS[service])
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


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """One that knows the trimmed models and no others."""
    data = tmp_path / "botocore" / "data"
    for service in OPERATIONS:
        shutil.copytree(DATA / service, data / service)
    for file in DATA.glob("*.json"):
        shutil.copy(file, data)
    trim(tmp_path)
    made = Session()
    made.register_component("data_loader", Loader([str(data)], include_default_search_paths=False))
    return made


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_a_client_of_a_trimmed_model_sends_its_requests(session: Session, service: str) -> None:
    """All that comes before the network: parameters, endpoint, signature."""
    config = Config(connect_timeout=0.1, retries={"total_max_attempts": 1})
    account = {"aws_access_key_id": "none", "aws_secret_access_key": "none", "region_name": "ap-northeast-2"}
    client = session.create_client(service, config=config, **account)
    sent: list[str] = []

    def send(request: Any, **_: Any) -> AWSResponse:
        sent.append(request.url)
        return _answer(request)

    client.meta.events.register("before-send.*", send)
    for operation in OPERATIONS[service]:
        shape = client.meta.service_model.operation_model(operation).input_shape
        client._make_api_call(operation, {name: _value(shape.members[name]) for name in shape.required_members})
    assert len(sent) == len(OPERATIONS[service])
    host = "cloudfront.amazonaws.com" if service == "cloudfront" else f"{service}.ap-northeast-2.amazonaws.com"
    assert all(host in url for url in sent)


def _answer(request: Any) -> AWSResponse:
    body = b"{}" if "x-amz-target" in {name.lower() for name in request.headers} else b""
    raw = BytesIO(body)
    raw.stream = lambda *_, **__: iter([body])  # type: ignore[attr-defined]
    return AWSResponse(request.url, 200, HeadersDict({}), raw)


def _value(shape: Any) -> Any:
    """The least value of a shape."""
    match shape.type_name:
        case "structure":
            return {name: _value(shape.members[name]) for name in shape.required_members}
        case "list":
            return [_value(shape.member)]
        case "map":
            return {"key": _value(shape.value)}
        case "integer" | "long":
            return 1
        case _:
            return "value"


def test_what_is_unused_is_gone(tmp_path: Path) -> None:
    for unused in ("bin/tool", "one/tests/test_it.py", "aws_lambda_powertools/utilities/kafka/a.py", "one/code.py"):
        (tmp_path / unused).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / unused).touch()
    trim(tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")] == ["one/code.py"]
