"""The stack, synthesized once a session for a development stage and once for production."""

import json
from pathlib import Path

import pytest

import app as cdk_app

# isort: split
from aws_cdk import App

from infra import bundling
from tests.infra.synthesized import Synthesize, Synthesized

PROVIDED = {"upstash_url": "https://limits.example", "azure_face_url": "https://face.example"}


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """A function from context to what it synthesizes to; third-party layers stand empty, so nothing is fetched."""
    empty = tmp_path_factory.mktemp("layer-0000")
    (empty / "python").mkdir()
    flags = json.loads((bundling.ROOT / "cdk.json").read_text())["context"]

    def run(**context: str) -> Synthesized:
        out = tmp_path_factory.mktemp("cdk.out")
        app = App(outdir=str(out), analytics_reporting=False, context=flags | PROVIDED | context)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bundling, "third_party_layer", lambda name, architecture, system: empty)
            stack = cdk_app.build(app)
        app.synth()
        return Synthesized(
            template=json.loads(Path(out, stack.template_file).read_text()),
            report=json.loads(Path(out, "validation-report.json").read_text()),
        )

    return run


@pytest.fixture(scope="session")
def dev(synthesize: Synthesize) -> Synthesized:
    """A development stage behind the team's own OIDC issuer, with a server of theirs that is told of events."""
    return synthesize(
        oidc_issuer="https://login.example",
        oidc_audience="veil",
        events_url="https://events.example/veil",
        settings='{"WELCOME_CREDITS": 12}',
    )


@pytest.fixture(scope="session")
def prod(synthesize: Synthesize) -> Synthesized:
    """Production, with a user pool of its own."""
    return synthesize(
        stage="prod",
        alarm_email="ops@veil.example",
        mail_from="hello@veil.example",
        webhook_concurrency="50",
        architecture="x86_64",
    )


@pytest.fixture(scope="session")
def watched(synthesize: Synthesize) -> Synthesized:
    """A stage that chooses all that can be chosen of how it is watched."""
    return synthesize(
        alarm_email="night@veil.example",
        morning_email="day@veil.example",
        runbooks_url="https://wiki.veil.example/runbooks",
        spend_hourly_usd="7.5",
        spend_daily_usd="30",
        krw_per_usd="1400",
        budget_usd="50",
    )


@pytest.fixture(scope="session")
def without(synthesize: Synthesize) -> Synthesized:
    """What is left where CloudFormation is the local one."""
    return synthesize(metric_math="false", saved_queries="false")
