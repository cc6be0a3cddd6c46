"""The keys that URLs of images are signed with: made, registered at CloudFront and rotated by the function ``keys``."""

from aws_cdk import CustomResource, Duration, RemovalPolicy
from constructs import Construct

from infra.functions import Function
from infra.secrets import Secrets
from infra.times import KEYS_ANSWER_SECONDS


class DeliveryKeys(Construct):
    """A custom resource, since CloudFormation can register a public key and can't make a pair. A higher ``number``
    rotates; ``group_id`` stays the same.
    """

    def __init__(
        self, scope: Construct, name: str, *, function: Function, secrets: Secrets, number: int, removal: RemovalPolicy
    ) -> None:
        super().__init__(scope, name)
        keys = CustomResource(
            self,
            "Keys",
            resource_type="Custom::DeliveryKeys",
            service_token=function.lambda_.function_arn,
            service_timeout=Duration.seconds(KEYS_ANSWER_SECONDS),
            properties={"Number": number},
            removal_policy=removal,
        )
        keys.node.add_dependency(secrets)
        self.group_id = keys.ref
