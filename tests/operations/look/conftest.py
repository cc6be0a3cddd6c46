"""A stage on moto, as a person looks at it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from infra.function_table import FUNCTIONS
from local.simulated.environment import BUCKET, REGION, SECRETS, TABLE, environment
from operations.access import Access
from operations.stage import Stage
from tests.contract.backends import Backend, on_moto
from tests.operations.aws import stubbed


class LookedAt:
    """``backend`` writes what ``stage`` is asked for; its functions are deployed in name alone."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.session = boto3.Session(region_name=REGION)
        self.variables = environment()
        functions = {name: f"veil-test-{name}" for name in FUNCTIONS}
        self.stage = Stage(self.client, TABLE, BUCKET, functions, "https://api.test", Access())
        self.queues: dict[str, str] = {}  # URLs of the stack's, by logical id
        self.client("secretsmanager").create_secret(Name="user-hash-key", SecretString=SECRETS["user-hash-key"])

    def client(self, service: str) -> Any:
        if service == "lambda":
            deployed = {
                "Environment": {"Variables": self.variables},
                "LastModified": "2026-11-27T05:00:00.000+0000",
                "CodeSha256": "1h0pe1tw0rks",
            }
            return SimpleNamespace(get_function_configuration=lambda **_: deployed)
        if service == "cloudformation":  # moto's needs a package that nothing else does
            return stubbed(cloudformation=[("list_stack_resources", {"StackResourceSummaries": self._resources})])(
                service
            )
        return self.session.client(service)

    @property
    def _resources(self) -> list[dict[str, Any]]:
        made = {"LastUpdatedTimestamp": datetime(2026, 11, 27, tzinfo=UTC), "ResourceStatus": "CREATE_COMPLETE"}
        kinds = {"Topic": ("AWS::SNS::Topic", "arn")}
        kinds |= {name: ("AWS::SQS::Queue", url) for name, url in self.queues.items()}
        return [
            {**made, "LogicalResourceId": name, "ResourceType": kind, "PhysicalResourceId": id_}
            for name, (kind, id_) in kinds.items()
        ]


@pytest.fixture
def looked_at() -> Iterator[LookedAt]:
    with on_moto() as backend:
        yield LookedAt(backend)
