"""Functions start from their built layers as they do from the packages as installed; only what is imported differs."""

import json

import pytest

from infra.function_table import FUNCTIONS
from local.processes import ROOT
from local.simulated.functions import http_event
from proofs.bench.deployed import environment, stock
from tests.fresh import printed_bare

STARTED = """
import json, logging, sys, handler, veil.entry
logger = logging.getLogger("aws_lambda_powertools")
print(json.dumps({
    "handler": veil.entry.handler == handler.handler,
    "log": [[type(each).__name__ for each in logger.handlers], logger.propagate],
    "modules": [name for name in sys.modules if name.startswith("aws_lambda_powertools.")],
}))
"""
FEWER = 0.9  # of Powertools' modules; of the resolver's it is little more than a half


def _as_installed(function: str) -> dict[str, str]:
    return stock(ROOT / "functions" / function, ROOT / "layers" / "shared" / "python", PYDANTIC_DISABLE_PLUGINS="true")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_start_from_the_layers(function: str) -> None:
    started = json.loads(printed_bare(STARTED, environment(function)))
    assert started["handler"]
    assert started["log"] == [["NullHandler"], False]
    assert not any("appsync" in name for name in started["modules"])
    installed = json.loads(printed_bare(STARTED, _as_installed(function)))
    assert installed["log"] == started["log"]
    assert len(started["modules"]) <= FEWER * len(installed["modules"])


@pytest.mark.parametrize("path", ["/health", "/styles", "/generations", "/generations/x", "/credits/entries", "/"])
def test_an_answer_from_the_layers(path: str) -> None:
    """Whatever is answered before AWS is asked: a page of nobody's, too."""
    event = http_event("GET", path, query={"limit": "0"}, headers={"accept-language": "ko"})
    code = f"import json, veil.entry; print(json.dumps(veil.entry.handler(json.loads({json.dumps(event)!r}), None)))"
    answers = [printed_bare(code, way).splitlines()[-1] for way in (environment("gallery"), _as_installed("gallery"))]
    assert answers[0] == answers[1]
    assert json.loads(answers[0])["statusCode"] < 500
