"""The CDK app: one stack for each stage.

``cdk deploy -c stage=prod -c upstash_url=… -c azure_face_url=…``; `infra.context.Context` has everything that can
be told. A stage called ``prod`` keeps its table, bucket, secrets and users when the stack goes, refuses to be
deleted by mistake, and keeps its logs for three months; every other stage goes whole, and keeps them for a week.
"""

import sys

import infra  # noqa: F401  chooses the project's Node before the CDK is imported

# isort: split
from aws_cdk import App, Validations
from aws_cdk.aws_logs import RetentionDays
from cdk_nag import AwsSolutionsChecks

from infra.context import Context, ContextError
from infra.stack import VeilStack


def build(app: App) -> VeilStack:
    """Add the stack that the app's context asks for, held against cdk-nag's AwsSolutions rules at synthesis."""
    context = Context.read(app.node)
    prod = context.stage == "prod"
    stack = VeilStack(
        app,
        context=context,
        retain=prod,
        log_retention=RetentionDays.THREE_MONTHS if prod else RetentionDays.ONE_WEEK,
    )
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
