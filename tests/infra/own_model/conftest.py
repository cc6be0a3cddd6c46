"""The stack of a GPU of one's own, synthesized once a session: on spot, by day."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import app as cdk_app  # noqa: F401  chooses the project's Node before the CDK is imported

# isort: split
from aws_cdk import App, Validations
from aws_cdk.aws_logs import RetentionDays
from cdk_nag import AwsSolutionsChecks

from infra.bundling import ROOT
from infra.own_model.machine_group import Hours
from infra.own_model.stack import OwnModelStack
from tests.infra.synthesized import Synthesized

type Make = Callable[[bool, Hours | None, str | None], Synthesized]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """``spot``, hours and who is told."""
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]

    def run(spot: bool, hours: Hours | None, email: str | None) -> Synthesized:
        out = tmp_path_factory.mktemp("cdk.out")
        app = App(outdir=str(out), analytics_reporting=False, context=flags)
        stack = OwnModelStack(
            app,
            stage="dev",
            region="ap-northeast-2",
            spot=spot,
            hours=hours,
            morning_email=email,
            runbooks_url="docs/runbooks",
            log_retention=RetentionDays.ONE_WEEK,
        )
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
        app.synth()
        template = json.loads(Path(out, stack.template_file).read_text())
        return Synthesized(template, json.loads(Path(out, "validation-report.json").read_text()))

    return run


@pytest.fixture(scope="session")
def own(make: Make) -> Synthesized:
    return make(True, Hours(9, 25), "ops@veil.example")
