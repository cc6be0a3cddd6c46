"""The CDK app: one stack for each stage, and another where the stage has a GPU of its own.

``cdk deploy -c stage=prod``, with what ``stages/prod.toml`` says; `infra.context.Context` lists every option.
The stage ``prod`` is protected from deletion, keeps its table, bucket, secrets and users even when the stack is
deleted, and keeps its logs for three months. Any other stage is deleted whole and keeps its logs for a week.
"""

import os
import sys
from pathlib import Path

OURS = Path(__file__).with_name(".venv").absolute()  # the environment that `make install` makes

try:
    import infra  # noqa: F401  chooses the project's Node before the CDK is imported
except ModuleNotFoundError as missing:  # a cdk that was started outside of every environment, or in another project's
    if OURS.exists() and os.environ.get("VIRTUAL_ENV") != str(OURS):
        python = str(OURS / "bin" / "python")
        os.execve(python, [python, *sys.argv], {**os.environ, "VIRTUAL_ENV": str(OURS)})  # noqa: S606
    sys.exit(f"{missing}: type 'make install', or 'pip install -r requirements.txt' in an environment of Python 3.13")

# isort: split
from aws_cdk import Annotations, App, Validations
from aws_cdk.aws_logs import RetentionDays
from cdk_nag import AwsSolutionsChecks

from infra.context import STAGES, Context, ContextError
from infra.stack import VeilStack


def build(app: App, stages: Path | None = None) -> VeilStack:
    """Add the stack that the app's context describes, over its stage's file in ``stages``.

    Synthesis fails where it breaks cdk-nag's AwsSolutions rules.
    """
    context = Context.read(app.node, stages)
    prod = context.stage == "prod"
    log_retention = RetentionDays.THREE_MONTHS if prod else RetentionDays.ONE_WEEK
    stack = VeilStack(app, context=context, retain=prod, log_retention=log_retention)
    for note in context.notes():
        Annotations.of(stack).add_info(note)
    if context.own_model:
        _add_own_model(app, context, log_retention)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return stack


def _add_own_model(app: App, context: Context, log_retention: RetentionDays) -> None:
    from infra.own_model.machine_group import Hours  # noqa: PLC0415 - EC2's part of the CDK takes a while to load
    from infra.own_model.stack import OwnModelStack  # noqa: PLC0415

    between = context.own_model_between
    OwnModelStack(
        app,
        stage=context.stage,
        region=context.region,
        spot=context.own_model == "spot",
        hours=Hours(*between) if between else None,
        morning_email=context.morning_email or context.alarm_email,
        runbooks_url=context.runbooks_url,
        log_retention=log_retention,
    )


def main() -> None:
    app = App(analytics_reporting=False)
    try:
        build(app, STAGES)
    except ContextError as error:
        sys.exit(str(error))
    app.synth()


if __name__ == "__main__":
    main()
