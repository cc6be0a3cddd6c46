"""The secrets: created with random values. The team replaces them, except the keys that only we use."""

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.nag import accept
from infra.names import pascal
from infra.secret_names import SECRETS, Secret


class Secrets(Construct):
    """All secrets; ``names`` and `arn` go by the settings field that names the secret."""

    def __init__(self, scope: Construct, name: str, *, stage: str, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        self.names = {field: f"veil-{stage}/{secret.name}" for field, secret in SECRETS.items()}
        for field, secret in SECRETS.items():
            self._secret(field, secret, removal)

    def arn(self, field: str) -> str:
        """ARN of a secret, for a policy: Secrets Manager appends six characters of its own."""
        return Stack.of(self).format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=f"{self.names[field]}-??????",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )

    def _secret(self, field: str, secret: Secret, removal: RemovalPolicy) -> None:
        made = secretsmanager.Secret(
            self,
            pascal(field),
            secret_name=self.names[field],
            description=secret.description if secret.ours else f"{secret.description}; put the real one here",
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True, password_length=64),
            removal_policy=removal,
        )
        if secret.made_by:  # its first value is the function's: a random one would be the key before it
            resource = made.node.default_child
            assert isinstance(resource, secretsmanager.CfnSecret)  # noqa: S101  what the CDK's own construct is made of
            resource.generate_secret_string = None
        accept(
            made,
            "AwsSolutions-SMG4",
            _why_not_rotated(secret),
        )


def _why_not_rotated(secret: Secret) -> str:
    if secret.made_by:
        return "A deployment rotates it: the key's public half has to be at the edge first."
    if secret.ours:
        return "The team puts a new one: a function that rotates it would be one more role that may read and write it."
    return "The provider issues it and has no API that rotates it; the team puts a new one here."
