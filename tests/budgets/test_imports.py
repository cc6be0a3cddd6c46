"""Who imports what: the rules know neither AWS nor the network, and a cold start loads no provider's client."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import veil
from infra.function_table import FUNCTIONS
from local.processes import ROOT
from proofs.bench.deployed import PYTHON, environment, stock
from proofs.bench.worker import PROGRAMS
from tests.budgets.fresh import printed

PACKAGE = Path(veil.__file__).parent
OUTSIDE = {
    "aws_lambda_powertools",
    "azure",
    "boto3",
    "botocore",
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
PROVIDERS = {"azure", "httpx", "pi_heif", "PIL", "replicate", "requests", "standardwebhooks", "upstash_redis"}


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def _loaded(code: str) -> set[str]:
    """The packages that a fresh process has loaded after this."""
    code += "\nimport json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    return set(json.loads(printed(code)))


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
    folder = str(ROOT / "functions" / function)
    assert _loaded(f"import sys; sys.path.insert(0, {folder!r}); import handler") & PROVIDERS == set()


# Of all the time that a start's imports take: about half as much again as was measured.
SHARES = {
    "veil": 0.22,
    "aws_lambda_powertools": 0.13,
    "botocore": 0.17,
    "pydantic": 0.16,
    "pydantic_core": 0.07,
    "urllib3": 0.09,
}
FEWER = 0.85  # of the modules that a plain function imports


def _imports(code: str, env: dict[str, str]) -> Counter[str]:
    """Each module that is imported, as deployed, and the microseconds that it took for itself."""
    run = subprocess.run(
        [PYTHON, "-S", "-X", "importtime", "-c", code], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    lines = re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", run.stderr, re.MULTILINE)
    return Counter({name: int(microseconds) for microseconds, name in lines})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_start_imports_fewer_modules_than_a_plain_one(function: str) -> None:
    plain = len(_imports("import plain", stock(PROGRAMS)))
    assert len(_imports("import handler", environment(function))) <= FEWER * plain


def test_no_package_takes_more_than_its_share_of_a_start() -> None:
    env = environment("generations")
    runs = [_imports("import handler", env) for _ in range(5)]
    least = Counter({name: min(run[name] for run in runs) for name in runs[0]})
    total = sum(least.values())
    taken = {share: sum(us for name, us in least.items() if name.partition(".")[0] == share) for share in SHARES}
    assert all(taken.values())
    assert {share: us / total for share, us in taken.items() if us > SHARES[share] * total} == {}
