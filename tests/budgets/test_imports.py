"""Who imports what: the rules know neither AWS nor the network, and a cold start loads no provider's client."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import veil
from infra.function_table import FUNCTIONS
from local.processes import ROOT
from proofs.bench.deployed import environment, stock
from proofs.bench.worker import PROGRAMS
from tests.fresh import printed, printed_bare

PACKAGE = Path(veil.__file__).parent
OUTSIDE = {
    "aws_lambda_powertools",
    "azure",
    "boto3",
    "botocore",
    "cryptography",
    "filetype",
    "httpx",
    "imagesize",
    "itsdangerous",
    "pi_heif",
    "PIL",
    "pydantic",
    "replicate",
    "requests",
    "standardwebhooks",
    "upstash_redis",
}
LATE = {  # what a handler loads when it is needed
    "azure", "cryptography", "httpx", "pi_heif", "PIL", "replicate", "requests", "standardwebhooks", "upstash_redis",
}  # fmt: skip


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def _loaded(code: str, **more: str) -> set[str]:
    """The packages that a fresh process has loaded after this."""
    code += "\nimport json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    return set(json.loads(printed(code, **more)))


@pytest.mark.parametrize(
    ("layer", "allowed"), [("domain", ("veil.domain",)), ("use_cases", ("veil.domain", "veil.use_cases"))]
)
def test_the_rules_know_nothing_outside(layer: str, allowed: tuple[str, ...]) -> None:
    files = sorted((PACKAGE / layer).glob("*.py"))
    assert files
    for file in files:
        for name in _imported(file):
            assert name.startswith(allowed) or name == "ulid" or name.split(".")[0] in sys.stdlib_module_names, file
            assert name.split(".")[0] not in {"os", "socket", "urllib", "http", "threading", "time"}, file


def test_only_the_bootstrap_and_adapters_know_the_adapters() -> None:
    for file in PACKAGE.rglob("*.py"):
        if not {"adapters", "bootstrap"} & set(file.parts):
            assert not any(name.startswith("veil.adapters") for name in _imported(file)), file


def test_the_rules_load_nothing_outside() -> None:
    modules = sorted(
        f"veil.{layer}.{file.stem}" for layer in ("domain", "use_cases") for file in (PACKAGE / layer).glob("[!_]*.py")
    )
    assert _loaded(f"import {', '.join(modules)}") & OUTSIDE == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_loads_no_providers_client_before_it_is_needed(function: str) -> None:
    assert _loaded("import handler", PYTHONPATH=str(ROOT / "functions" / function)) & LATE == set()


FEWER = 0.85  # of the modules that a plain function imports


def _modules(code: str, environment: dict[str, str]) -> int:
    """How many there are after this."""
    return int(printed_bare(f"{code}; import sys; print(len(sys.modules))", environment))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_start_imports_fewer_modules_than_a_plain_one(function: str) -> None:
    plain = _modules("import plain", stock(PROGRAMS))
    assert _modules("import veil.entry", environment(function)) <= FEWER * plain
