"""What the local AWS is started with."""

import shutil
from pathlib import Path

import pytest

from local.cloud.aws import Aws, start_aws
from local.cloud.certificates import make_certificates
from local.processes import Child
from operations.cdk import NODE


def test_its_functions_at_the_edge_run_in_our_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the machine has none, or another one."""
    started: list[str] = []
    monkeypatch.setattr(Child, "__init__", lambda *_, env, **__: started.append(env["PATH"]))
    aws = Aws.at("https://127.0.0.1:1", make_certificates(tmp_path))
    start_aws(aws, 1, tmp_path, tmp_path / "aws.log", endpoints={}, beside={})
    assert shutil.which("node", path=started[0]) == str(NODE / "node")
