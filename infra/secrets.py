"""The secrets: made here with values that nobody accepts, filled in by the team, except the keys that only we use."""

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.nag import accept
from infra.secret_names import SECRETS, Secret


class Secrets(Construct):
    """Every secret; its name and ARN by the settings field that names it."""

    def __init__(self, scope: Construct, name: str, *, stage: str, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        self.names = {field: f"veil-{stage}/{secret.name}" for field, secret in SECRETS.items()}
        for field, secret in SECRETS.items():
            self._secret(field, secret, removal)

    def arn(self, field: str) -> str:
        """ARN of a secret, for a policy: Secrets Manager ends it with six characters of its own."""
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
        accept(
            made,
            "AwsSolutions-SMG4",
            "Put a new one at any time: a function that rotates it would be one more role that may read and write it."
            if secret.ours
            else "The provider issues it and has no API that rotates it; the team puts a new one here.",
        )


def pascal(field: str) -> str:
    """``replicate_token_secret`` as ``ReplicateTokenSecret``."""
    return field.title().replace("_", "")
