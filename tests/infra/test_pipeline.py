"""The pipeline's roles: each is taken on by one environment of one repository, and may do what its job does."""

import json
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from infra import pipeline
from infra.bundling import ROOT

# isort: split
from aws_cdk import App

from infra.context import ContextError
from infra.deploying import BY_PIPELINE, DEPLOYING, by_pipeline
from infra.pipeline_names import PipelineOptions
from infra.secret_names import SECRETS, SIGN_IN
from infra.statements import listed
from tests.infra.synthesized import Synthesized

REPOSITORY = "veil-team/veil"
ISSUER = "token.actions.githubusercontent.com"
NEEDS_NO_NAME = {
    "cloudfront",
    "cognito-idp",
    "cloudwatch",
}  # the ARN has an id that is not known before, or there is none


@pytest.fixture
def synthesize(tmp_path: Path) -> Callable[..., Synthesized]:
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]

    def run(**context: str) -> Synthesized:
        app = App(outdir=str(tmp_path), analytics_reporting=False, context=flags | {"repository": REPOSITORY} | context)
        stack = pipeline.build(app)
        app.synth()
        report = json.loads((tmp_path / "validation-report.json").read_text())
        return Synthesized(json.loads((tmp_path / stack.template_file).read_text()), report)

    return run


def _trust(made: Synthesized, role: str) -> dict[str, Any]:
    (statement,) = made.named("AWS::IAM::Role", role)["AssumeRolePolicyDocument"]["Statement"]
    return dict(statement)


def _rights(made: Synthesized, role: str) -> list[dict[str, Any]]:
    return list(made.named("AWS::IAM::Policy", f"{role}Rights")["PolicyDocument"]["Statement"])


def _actions(made: Synthesized, role: str) -> set[str]:
    return {action for statement in _rights(made, role) for action in listed(statement["Action"])}


@pytest.mark.parametrize(
    ("repository", "role", "environment"),
    [
        (REPOSITORY, "Dev", "dev"),
        (REPOSITORY, "Prod", "prod"),
        (REPOSITORY, "Audit", "audit"),
        ("veil-team@81/veil@905", "Prod", "prod"),
    ],
)
def test_a_role_is_one_environments(
    synthesize: Callable[..., Synthesized], repository: str, role: str, environment: str
) -> None:
    trust = _trust(synthesize(repository=repository), role)
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trust["Condition"] == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": f"repo:{repository}:environment:{environment}",
        }
    }


def test_the_provider_is_made_and_stays(synthesize: Callable[..., Synthesized]) -> None:
    made = synthesize()
    (resource,) = [one for one in made.template["Resources"].values() if one["Type"] == "AWS::IAM::OIDCProvider"]
    assert resource["Properties"] == {"Url": f"https://{ISSUER}", "ClientIdList": ["sts.amazonaws.com"]}
    assert resource["DeletionPolicy"] == "Retain"


def test_or_found(synthesize: Callable[..., Synthesized]) -> None:
    made = synthesize(existing_provider="true")
    assert not made.of_type("AWS::IAM::OIDCProvider")
    federated = json.dumps(_trust(made, "Dev")["Principal"]["Federated"])
    assert f":oidc-provider/{ISSUER}" in federated
    assert "AWS::AccountId" in federated


def test_it_deploys_its_own_stage_and_puts_no_secret(synthesize: Callable[..., Synthesized]) -> None:
    made = synthesize()
    assert _actions(made, "Prod") == BY_PIPELINE
    for statement in _rights(made, "Prod"):
        services = {action.partition(":")[0] for action in listed(statement["Action"])}
        for resource in listed(statement["Resource"]):
            assert re.search(r"veil-prod|cdk-", resource) or services <= NEEDS_NO_NAME, statement


def test_a_pipeline_does_nothing_that_a_person_could_not() -> None:
    assert {action for one in DEPLOYING for action in listed(one["Action"])} >= BY_PIPELINE  # type: ignore[arg-type]
    assert not [one for one in by_pipeline("dev") for each in listed(one["Resource"]) if "Auditor" in each]


def test_a_pipeline_reaches_no_photo(synthesize: Callable[..., Synthesized]) -> None:
    reached = [each for one in _rights(synthesize(), "Dev") for each in listed(one["Resource"]) if ":s3:" in each]
    assert reached
    assert all(each.startswith("arn:aws:s3:::veil-dev-web-") for each in reached)


def test_a_pipeline_reads_only_the_secrets_that_it_needs(synthesize: Callable[..., Synthesized]) -> None:
    """Smoke's grant hashes its user's id, and a deployment looks whether the keys of sign-in are there."""
    rights = _rights(synthesize(), "Dev")
    (reached,) = [one["Resource"] for one in rights if "secretsmanager:GetSecretValue" in listed(one["Action"])]
    names = {each.partition(":secret:veil-dev/")[2] for each in listed(reached)}
    assert names == {f"{secret.name}*" for secret in (SECRETS["user_hash_key_secret"], *SIGN_IN.values())}
    every = [secret.name for secret in (*SECRETS.values(), *SIGN_IN.values())]
    assert all(sum(fnmatchcase(f"{name}-a1B2c3", pattern) for name in every) == 1 for pattern in names)


def test_a_pipeline_has_nothing_to_do_with_a_gpu() -> None:
    assert "own-model" not in json.dumps(by_pipeline("dev"))


def test_the_nightly_audit_only_reads(synthesize: Callable[..., Synthesized]) -> None:
    made = synthesize()
    verbs = {action.partition(":")[2] for action in _actions(made, "Audit")} - {"AssumeRole"}
    assert verbs
    assert all(re.match(r"Get|List|Describe|Query|Scan|Filter", verb) for verb in verbs)
    taken = [one["Resource"] for one in _rights(made, "Audit") if one["Action"] == "sts:AssumeRole"]
    assert [each for one in taken for each in listed(one)] == [
        "arn:aws:iam::*:role/veil-dev-Auditor*",
        "arn:aws:iam::*:role/veil-prod-Auditor*",
    ]


def test_an_account_of_one_stage(synthesize: Callable[..., Synthesized]) -> None:
    made = synthesize(environments="prod")
    assert set(made.template["Outputs"]) == {"ProdRoleArn", "AuditRoleArn"}
    assert "veil-dev" not in json.dumps(made.template)


def test_aws_solutions_is_clean(synthesize: Callable[..., Synthesized]) -> None:
    assert synthesize().report["pluginReports"] == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("repository", "veil"),
        ("repository", "veil-team/veil:environment:prod"),
        ("repository", "*/veil"),
        ("repository", "veil-team@81/veil"),
        ("environments", "Prod"),
        ("environments", ""),
        ("environments", "dev,dev"),
        ("environments", "dev,audit"),
        ("region", "seoul"),
        ("existing_provider", "perhaps"),
        ("repo", "veil-team/veil"),
    ],
)
def test_a_wrong_option_is_named(option: str, value: str) -> None:
    with pytest.raises(ContextError, match=option):
        PipelineOptions.of({"repository": REPOSITORY, option: value})


def test_what_is_given_comes_through_the_command_line() -> None:
    told = PipelineOptions(repository=REPOSITORY, environments=("prod",), existing_provider=True)
    assert PipelineOptions.of(dict(told.context())) == told
