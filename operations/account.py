"""An AWS account in one region, before a stage is deployed there and while it is."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError

from operations.errors import OperationError
from veil.adapters.aws.client import CONFIG

BOOTSTRAPPED = "/cdk-bootstrap/hnb659fds/version"  # what `cdk bootstrap` leaves, under its default qualifier


def _clients(region: str) -> Callable[[str], Any]:
    session = boto3.Session(region_name=region)
    return cache(lambda service: session.client(service, config=CONFIG))


class Account:
    """By the credentials of your environment. What AWS refuses is raised as botocore does."""

    def __init__(self, region: str, client: Callable[[str], Any] | None = None) -> None:
        self.region = region
        self.client = client or _clients(region)

    @property
    def number(self) -> str:
        """The account's twelve digits."""
        return str(self.client("sts").get_caller_identity()["Account"])

    @property
    def bootstrapped(self) -> bool:
        """Whether the CDK has what it needs in this region."""
        ssm = self.client("ssm")
        try:
            ssm.get_parameter(Name=BOOTSTRAPPED)
        except ssm.exceptions.ParameterNotFound:
            return False
        return True

    def outputs(self, stage: str) -> dict[str, str]:
        """The outputs of the stage's stack; raises `OperationError` where it is not deployed."""
        stack = self._of_stack(stage, lambda aws: aws.describe_stacks(StackName=f"veil-{stage}")["Stacks"][0])
        if stack is None:
            raise OperationError(
                f"there is no stack veil-{stage} in {self.region}: type 'make deploy STAGE={stage}', or, if it is in "
                f"another region, name that in stages/{stage}.toml"
            )
        if "Outputs" not in stack:
            status = stack["StackStatus"]
            raise OperationError(f"the stack veil-{stage} is {status} and not deployed: 'make deploy STAGE={stage}'")
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def template(self, stage: str) -> Mapping[str, Any] | None:
        """The template that the stage's stack was last deployed from; None where there is no stack."""
        found: Mapping[str, Any] | None = self._of_stack(
            stage, lambda aws: aws.get_template(StackName=f"veil-{stage}")["TemplateBody"]
        )
        return found

    def _of_stack(self, stage: str, ask: Callable[[Any], Any]) -> Any:
        try:
            return ask(self.client("cloudformation"))
        except ClientError as error:  # the one code for all that is wrong with a request
            if error.response["Error"]["Code"] == "ValidationError" and f"veil-{stage}" in str(error):
                return None
            raise
