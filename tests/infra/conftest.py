"""The stack, synthesized once a session for a development stage and once for production."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import app as cdk_app

# isort: split
from aws_cdk import App

from infra import bundling

PROVIDED = {"upstash_url": "https://limits.example", "azure_face_url": "https://face.example"}


@dataclass(frozen=True)
class Synthesized:
    """A template and what cdk-nag said about it."""

    template: dict[str, Any]
    report: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of every resource of this type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }

    def only(self, kind: str) -> dict[str, Any]:
        """The properties of the one resource of this type."""
        (properties,) = self.of_type(kind).values()
        return properties

    def function(self, name: str) -> dict[str, Any]:
        """The properties of the function of this name."""
        (found,) = [f for f in self.of_type("AWS::Lambda::Function").values() if f["FunctionName"].endswith(f"-{name}")]
        return found

    def statements(self, function: str) -> list[dict[str, Any]]:
        """What one function's role allows."""
        role = self.function(function)["Role"]["Fn::GetAtt"][0]
        return [
            statement
            for policy in self.of_type("AWS::IAM::Policy").values()
            if policy["Roles"] == [{"Ref": role}]
            for statement in policy["PolicyDocument"]["Statement"]
        ]


@pytest.fixture(scope="session")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function from context to what it synthesizes to; third-party layers stand empty, so nothing is fetched."""
    empty = tmp_path_factory.mktemp("layer-0000")
    (empty / "python").mkdir()
    flags = json.loads((bundling.ROOT / "cdk.json").read_text())["context"]

    def run(**context: str) -> Synthesized:
        out = tmp_path_factory.mktemp("cdk.out")
        app = App(outdir=str(out), analytics_reporting=False, context=flags | PROVIDED | context)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bundling, "third_party_layer", lambda name, architecture: empty)
            stack = cdk_app.build(app)
        app.synth()
        return Synthesized(
            template=json.loads(Path(out, stack.template_file).read_text()),
            report=json.loads(Path(out, "validation-report.json").read_text()),
        )

    return run


@pytest.fixture(scope="session")
def dev(synthesize: Any) -> Synthesized:
    """A development stage behind the team's own OIDC issuer."""
    return synthesize(oidc_issuer="https://login.example", oidc_audience="veil", settings='{"WELCOME_CREDITS": 12}')


@pytest.fixture(scope="session")
def prod(synthesize: Any) -> Synthesized:
    """Production, with a user pool of its own."""
    return synthesize(stage="prod", alarm_email="ops@veil.example", architecture="x86_64")
