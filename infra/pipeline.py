"""The stack ``veil-pipeline``: the roles that a GitHub repository's workflows take on, each in its own environment.

``python -m infra.pipeline`` is its CDK app; `operations pipeline` deploys it, once in each account.
"""

import sys
from collections.abc import Iterable, Mapping

from aws_cdk import App, CfnOutput, Duration, Environment, RemovalPolicy, Stack, Validations
from aws_cdk import aws_iam as iam
from cdk_nag import AwsSolutionsChecks
from constructs import Construct

from infra.context import ContextError
from infra.deploying import by_pipeline
from infra.nag import accept
from infra.names import pascal
from infra.pipeline_names import AUDIENCE, AUDITS, ISSUER, STACK, PipelineOptions, role_output
from infra.reading import reading
from infra.statements import listed

LONGEST = Duration.hours(1)
WHY = "The stage's names are made by its deployment, and some of these actions know no resources."


class PipelineStack(Stack):
    """GitHub's identity provider, unless the account has it; a role that deploys for each stage, and one that reads."""

    def __init__(self, scope: Construct, options: PipelineOptions) -> None:
        super().__init__(
            scope,
            STACK,
            env=Environment(region=options.region),
            description=f"Veil: what the workflows of {options.repository} may do here.",
            termination_protection=True,
        )
        self._options = options
        self._provider_arn = self._existing() if options.existing_provider else self._provider()
        for stage in options.environments:
            self._role(stage, by_pipeline(stage), role_output(stage))
        self._role(AUDITS, [each for stage in options.environments for each in reading(stage)], role_output(AUDITS))

    def _existing(self) -> str:
        return f"arn:aws:iam::{self.account}:oidc-provider/{ISSUER}"

    def _provider(self) -> str:
        """It stays when the stack goes: an account has one of it, and others may have come to use it."""
        provider = iam.CfnOIDCProvider(self, "GitHub", url=f"https://{ISSUER}", client_id_list=[AUDIENCE])
        provider.apply_removal_policy(RemovalPolicy.RETAIN)
        return provider.attr_arn

    def _role(self, environment: str, statements: Iterable[Mapping[str, str | list[str]]], output: str) -> None:
        """What a job of this environment of the repository takes on, and no other job of anybody's."""
        told = {
            f"{ISSUER}:aud": AUDIENCE,
            f"{ISSUER}:sub": f"repo:{self._options.repository}:environment:{environment}",
        }
        role = iam.Role(
            self,
            pascal(environment),
            assumed_by=iam.WebIdentityPrincipal(self._provider_arn, {"StringEquals": told}),
            description=f"Jobs of {self._options.repository} in its environment {environment}",
            max_session_duration=LONGEST,
        )
        policy = iam.Policy(self, f"{pascal(environment)}Rights", roles=[role])
        for statement in statements:
            policy.add_statements(iam.PolicyStatement.from_json(dict(statement)))
            for resource in listed(statement["Resource"]):
                if "*" in resource:
                    accept(policy, f"AwsSolutions-IAM5[Resource::{resource}]", WHY)
        CfnOutput(self, output, value=role.role_arn)


def build(app: App) -> PipelineStack:
    """The stack that the app's context describes; raises `infra.context.ContextError` for an option that is wrong."""
    stack = PipelineStack(app, PipelineOptions.read(app.node))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return stack


def main() -> None:
    app = App(analytics_reporting=False)
    try:
        build(app)
    except ContextError as error:
        sys.exit(str(error))
    app.synth()


if __name__ == "__main__":
    main()
