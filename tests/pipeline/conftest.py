"""A machine of GitHub's, on which `gh` is played."""

import os
from pathlib import Path

import pytest

from tests.pipeline.gh import Gh


@pytest.fixture
def gh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Gh:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return Gh(tmp_path)
