"""A start brings of a package what it needs, and the rest is there when it is asked for."""

import pytest

from tests.budgets.fresh import printed

LOADED = "\nimport sys; print('appsync' in str([name for name in sys.modules if name.startswith('aws_')]))"


def _run(code: str) -> str:
    return printed(f"import veil.cold_start\n{code}")


@pytest.mark.parametrize(
    "code",
    [
        "from aws_lambda_powertools.event_handler import APIGatewayHttpResolver",
        "from aws_lambda_powertools.event_handler import content_types",
        "import aws_lambda_powertools.event_handler.api_gateway",
        "from aws_lambda_powertools import Logger",
    ],
)
def test_a_part_does_not_bring_the_others(code: str) -> None:
    assert _run(code + LOADED) == "False"


@pytest.mark.parametrize(
    "code",
    [
        "from aws_lambda_powertools.event_handler import AppSyncResolver",
        "import aws_lambda_powertools.event_handler as it; it.AppSyncResolver",
        "import aws_lambda_powertools.event_handler as it; it.__all__",
    ],
)
def test_another_part_is_there_when_it_is_asked_for(code: str) -> None:
    assert _run(code + LOADED) == "True"


def test_what_is_nowhere_is_an_error() -> None:
    assert _run("import aws_lambda_powertools as it\ntry: it.nothing\nexcept AttributeError: print('none')") == "none"


def test_what_was_imported_before_stays() -> None:
    code = "import sys; it = sys.modules['logging']; from veil.cold_start import _defer; _defer('logging')"
    assert _run(f"import logging; {code}; print(sys.modules['logging'] is it)") == "True"
