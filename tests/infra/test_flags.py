"""The CDK's flags are chosen, each as a new project has it: synthesis asks about none."""

import json
import tarfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from infra.bundling import ROOT

DIFFERENT = {"@aws-cdk/core:target-partitions": ["aws"]}  # AWS in China is not deployed to


@pytest.fixture
def recommended() -> dict[str, Any]:
    """What ``cdk init`` writes, out of the CDK that is installed."""
    (package,) = Path(str(files("aws_cdk._jsii"))).glob("aws-cdk-lib*.tgz")
    with tarfile.open(package) as archive:
        file = archive.extractfile("package/recommended-feature-flags.json")
        assert file
        return dict(json.load(file))


def test_every_flag_is_set(recommended: dict[str, Any]) -> None:
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    chosen = {name: value for name, value in context.items() if name.startswith("@aws-cdk")}
    assert chosen == recommended | DIFFERENT
