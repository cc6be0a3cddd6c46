"""A deployment as the operations reach it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.names import deployed_functions
from operations.errors import OperationError
from veil.adapters.aws.client import CONFIG

REGION = "ap-northeast-2"


@dataclass(frozen=True)
class Stage:
    """``client`` makes a client of an AWS service; ``functions`` are the deployed functions' names, by ours."""

    client: Callable[[str], Any]
    table: str
    bucket: str
    functions: dict[str, str]

    @classmethod
    def deployed(cls, stage: str, region: str = REGION) -> Self:
        """A stage of your AWS account, by the credentials of your environment; raises `OperationError`."""
        session = boto3.Session(region_name=region)

        def client(service: str) -> Any:
            return session.client(service, config=CONFIG)

        try:
            stacks = client("cloudformation").describe_stacks(StackName=f"veil-{stage}")["Stacks"]
        except (BotoCoreError, ClientError) as error:
            raise OperationError(f"the stack veil-{stage} in {region} can't be read: {error}") from error
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}
        return cls(client, outputs["TableName"], outputs["BucketName"], deployed_functions(outputs))
