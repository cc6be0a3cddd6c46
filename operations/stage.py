"""A deployment as the operations reach it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from infra.names import deployed_functions
from operations.access import Access, UserPool
from operations.account import Account


@dataclass(frozen=True)
class Stage:
    """``client`` makes a client of an AWS service; ``functions`` are the deployed functions' names, by ours;
    ``access``: how a user's token is had; ``auditor``: the ARN of the role that may look at all objects, if any.
    """

    client: Callable[[str], Any]
    table: str
    bucket: str
    functions: dict[str, str]
    api_url: str
    access: Access
    auditor: str | None = None

    @classmethod
    def deployed(cls, stage: str, account: Account) -> Self:
        """A stage of your AWS account; raises `OperationError` where it is not deployed."""
        outputs = account.outputs(stage)
        pool = UserPool(outputs["UserPoolId"], outputs["UserPoolClientId"]) if "UserPoolId" in outputs else None
        return cls(
            account.client,
            outputs["TableName"],
            outputs["BucketName"],
            deployed_functions(outputs),
            outputs["ApiUrl"],
            Access(pool),
            outputs.get("AuditorRoleArn"),
        )

    def settings(self, function: str) -> dict[str, str]:
        """The environment that a function was deployed with."""
        deployed = self.client("lambda").get_function_configuration(FunctionName=self.functions[function])
        return dict(deployed["Environment"]["Variables"])
