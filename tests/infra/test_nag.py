"""cdk-nag's AwsSolutions rules hold at synthesis, which fails where they don't."""

import json
from pathlib import Path

import pytest

import app as cdk_app

# isort: split
from aws_cdk import App
from aws_cdk import aws_sqs as sqs

from tests.infra.synthesized import Synthesize

CONTEXT = {"upstash_url": "https://limits.example", "azure_face_url": "https://face.example"}


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_aws_solutions_is_clean(request: pytest.FixtureRequest, stage: str) -> None:
    assert request.getfixturevalue(stage).report["pluginReports"] == []


def test_a_breach_fails_the_synthesis(synthesize: Synthesize, tmp_path: Path) -> None:
    """``synthesize`` is asked for since it keeps layers from being built."""
    app = App(outdir=str(tmp_path), analytics_reporting=False, context=CONTEXT)
    sqs.Queue(cdk_app.build(app), "Careless")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    (plugin,) = json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"]
    assert {violation["ruleName"] for violation in plugin["violations"]} == {"AwsSolutions-SQS3", "AwsSolutions-SQS4"}
