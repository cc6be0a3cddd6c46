"""What a deployment should know is said at synthesis, and refuses nothing."""

import json
from pathlib import Path

import pytest

import app as cdk_app

# isort: split
from aws_cdk import App

from infra import bundling
from tests.infra.conftest import PROVIDED


@pytest.mark.parametrize(
    ("chain", "said"), [("black-forest-labs/flux-1.1-pro", 1), ("qwen/qwen-image-edit-plus,google/nano-banana", 0)]
)
def test_a_model_that_keeps_nobody_is_noted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chain: str, said: int
) -> None:
    (tmp_path / "layer-0000" / "python").mkdir(parents=True)
    monkeypatch.setattr(bundling, "third_party_layer", lambda *_: tmp_path / "layer-0000")  # nothing is fetched
    stack = cdk_app.build(App(context=PROVIDED | {"settings": json.dumps({"MODELS": chain})}))
    notes = [str(entry.data) for entry in stack.node.metadata if entry.type == "aws:cdk:info"]
    assert sum(f"{chain} does not keep the person" in note for note in notes) == said
