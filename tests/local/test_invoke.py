"""One function in this process, as ``make invoke`` runs it."""

import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.cloud.running import RunningCloud
from local.invoke import event_of, invoke, show
from local.processes import LocalError
from local.simulated.environment import environment
from tests.local.test_running import RUNNING


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> RunningCloud:
    """A cloud of which only the configuration of one function can be asked for."""

    def get_function_configuration(*, FunctionName: str) -> Any:  # noqa: N803 - boto3's name
        assert FunctionName == "veil-local-gallery"
        return {"Environment": {"Variables": environment(PRESIGN_ENDPOINT_URL="http://127.0.0.1:1")}}

    client = SimpleNamespace(get_function_configuration=get_function_configuration)
    monkeypatch.setattr(RunningCloud, "client", lambda _, service: {"lambda": client}[service])
    return RUNNING.model_copy(update={"functions": {"gallery": "veil-local-gallery"}})


def shown(result: Any) -> list[str]:
    said: list[str] = []
    show(result, said.append)
    return said


def test_a_request_is_answered_in_the_functions_environment(running: RunningCloud) -> None:
    before = dict(os.environ)
    status, *headers, body = shown(invoke(running, "gallery", event_of("GET /styles", "alice")))
    assert status == "HTTP 200"
    assert "content-type: application/json" in headers
    assert "classic" in json.dumps(json.loads(body))
    assert os.environ == before


def test_a_function_that_is_not_there(running: RunningCloud) -> None:
    with pytest.raises(LocalError, match="no function 'galery'; there are gallery"):
        invoke(running, "galery", {})


def test_the_debugger_stops_in_the_function(
    running: RunningCloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("print(6 * 7)\nc\n"))
    answer = invoke(running, "gallery", event_of("GET /styles", "alice"), debug=True)
    output = capsys.readouterr().out
    assert "functions/gallery/handler.py" in output.partition("(Pdb)")[0]
    assert "42" in output
    assert answer["statusCode"] == 200


def test_the_debugger_is_there_when_a_function_fails(
    running: RunningCloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("print(sorted(event))\nq\n"))
    with pytest.raises(KeyError, match="requestContext"):
        invoke(running, "gallery", {"no": "request"}, debug=True)
    assert "['no']" in capsys.readouterr().out


def test_events(tmp_path: Path) -> None:
    request = event_of('POST /uploads?a=1&b=2 {"size": 3}', "alice")
    assert (request["routeKey"], request["rawPath"], request["body"]) == ("POST /uploads", "/uploads", '{"size": 3}')
    assert request["queryStringParameters"] == {"a": "1", "b": "2"}
    assert request["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] == "alice"
    file = tmp_path / "event.json"
    file.write_text('{"Records": []}')
    assert event_of(str(file), "alice") == {"Records": []}
    file.write_text("{")
    with pytest.raises(LocalError, match="holds no JSON"):
        event_of(str(file), "alice")
    with pytest.raises(LocalError, match="is no request, and no file that can be read"):
        event_of("FETCH /credits", "alice")


def test_what_is_no_answer_to_a_request_is_shown_as_json() -> None:
    assert shown({"swept": 0}) == ['{\n  "swept": 0\n}']
    assert shown({"statusCode": 204, "headers": {"X-Request-Id": "1"}}) == ["HTTP 204", "x-request-id: 1"]
