"""A lazy package gives what the package gives, and imports a part of it when that is first asked for."""

import json
import shutil
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from infra.lazy_packages import PACKAGES, LazyPackageError, lazy_source, make_lazy
from tests.fresh import printed

NAME = "aws_lambda_powertools"
STOCK = Path(str(distribution("aws-lambda-powertools").locate_file(NAME)))
# By package, what each of its names is; not by its repr, which may have an address.
NAMES = """
import json
from importlib import import_module
def described(value):
    return [type(value).__name__, *(getattr(value, name, None) for name in ("__module__", "__qualname__", "__name__"))]
def names(package):
    return {name: described(getattr(package, name)) for name in dir(package) if not name.startswith("_")}
"""
SIDE_EFFECTS = f"""
import json, logging, botocore, {NAME}
from types import SimpleNamespace
logger, request = logging.getLogger("{NAME}"), SimpleNamespace(headers={{"User-Agent": "veil"}})
botocore.invoke_initializers(SimpleNamespace(register=lambda event, change: change(request)))
print(json.dumps([[type(each).__name__ for each in logger.handlers], logger.propagate, request.headers["User-Agent"]]))
"""


@pytest.fixture(scope="module")
def lazy(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with Powertools, made lazy."""
    root = tmp_path_factory.mktemp("lazy")
    shutil.copytree(STOCK, root / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    make_lazy(root)
    return str(root)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_what_it_was(lazy: str, package: str) -> None:
    code = f"{NAMES}\nit = import_module({package!r}); print(json.dumps([names(it), list(it.__all__), it.__doc__]))"
    names, public, doc = json.loads(printed(code))
    lazy_names, lazy_public, lazy_doc = json.loads(printed(code, PYTHONPATH=lazy))
    assert set(public) <= set(names)
    assert {name: lazy_names.get(name) for name in names} == names
    assert (lazy_public, lazy_doc) == (public, doc)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_star_brings_all(lazy: str, package: str) -> None:
    code = f"import {package} as it; from {package} import *; print(set(it.__all__) - set(globals()))"
    assert printed(code, PYTHONPATH=lazy) == "set()"


def test_the_import_does_what_else_it_did(lazy: str) -> None:
    stock = json.loads(printed(SIDE_EFFECTS))
    assert stock[:2] == [["NullHandler"], False]
    assert "PT/no-op" in stock[2]
    assert json.loads(printed(SIDE_EFFECTS, PYTHONPATH=lazy)) == stock


@pytest.mark.parametrize(
    ("code", "brings"),
    [
        ("from aws_lambda_powertools.event_handler import APIGatewayHttpResolver", False),
        ("from aws_lambda_powertools.event_handler import content_types", False),
        ("import aws_lambda_powertools.event_handler.api_gateway", False),
        ("import aws_lambda_powertools.event_handler as it; it.api_gateway.APIGatewayHttpResolver", False),
        ("from aws_lambda_powertools import Logger", False),
        ("from aws_lambda_powertools.event_handler import AppSyncResolver", True),
        ("import aws_lambda_powertools.event_handler as it; it.AppSyncResolver", True),
        ("import aws_lambda_powertools.event_handler as it; it.appsync.AppSyncResolver", True),
    ],
)
def test_a_part_comes_when_it_is_asked_for(lazy: str, code: str, brings: bool) -> None:
    loaded = "import sys; print('aws_lambda_powertools.event_handler.appsync' in sys.modules)"
    assert printed(f"{code}\n{loaded}", PYTHONPATH=lazy) == str(brings)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_it_does_not_have(lazy: str, package: str) -> None:
    code = f"import {package} as it\ntry: it.nothing\nexcept AttributeError as error: print(error)"
    said = printed(code, PYTHONPATH=lazy)
    assert said == printed(code) == f"module '{package}' has no attribute 'nothing'"


def test_a_function_is_not_hidden_by_its_module(lazy: str) -> None:
    """As soon as a submodule is imported, it is an attribute of its package, whatever stood there."""
    package = "aws_lambda_powertools.utilities.data_classes"
    code = f"import {package}.event_source; from {package} import event_source; print(type(event_source).__name__)"
    assert printed(code, PYTHONPATH=lazy) == printed(code) == "function"


def test_twice_is_an_error(lazy: str) -> None:
    with pytest.raises(LazyPackageError, match=f"{NAME} has a __getattr__ already"):
        make_lazy(Path(lazy))


@pytest.mark.parametrize(
    ("source", "submodules", "at_once"),
    [
        ("from json.decoder import JSONDecoder, WHITESPACE", (), ""),
        ("from .decoder import JSONDecoder as Decoder", ("decoder",), ""),
        ("from .decoder import JSONDecoder, WHITESPACE\nit = JSONDecoder()", (), "from .decoder import JSONDecoder"),
        ("from .decoder import JSONDecoder, WHITESPACE", ("WHITESPACE",), "from .decoder import WHITESPACE"),
        ("from . import decoder", ("decoder",), "from . import decoder"),
        ("from __future__ import annotations\nimport os", (), "from __future__ import annotations\nimport os"),
        ("from pathlib import Path", (), "from pathlib import Path"),
    ],
)
def test_what_is_imported_at_once(source: str, submodules: tuple[str, ...], at_once: str) -> None:
    made = lazy_source(source, "json", submodules)
    assert "\n".join(line for line in made.splitlines() if line.startswith(("from ", "import "))) == at_once


def test_a_name_by_another_name() -> None:
    package: dict[str, Any] = {"__name__": "json"}
    exec(lazy_source("from .decoder import JSONDecoder as Decoder", "json", ()), package)
    assert package["__getattr__"]("Decoder") is json.JSONDecoder
    assert package["Decoder"] is json.JSONDecoder  # from now on


def test_all_names_of_a_part_are_none_that_can_be_told() -> None:
    with pytest.raises(LazyPackageError, match=r"imports all names of json\.decoder"):
        lazy_source("from .decoder import *", "json", ())
