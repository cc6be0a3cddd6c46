"""Exceptions from cdk-nag's AwsSolutions rules: each on one construct, each with its reason."""

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept ``rule`` on ``construct``; some rules carry their finding: ``AwsSolutions-IAM5[Resource::*]``."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))


def accept_objects(construct: IConstruct, arn: str, reason: str) -> None:
    """Accept that a policy in ``construct`` names the objects ``arn``, which ends in a wildcard."""
    resolved = Stack.of(construct).resolve(arn)
    parts = resolved["Fn::Join"][1] if isinstance(resolved, dict) else [resolved]
    written = "".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in parts)  # as the rule writes it
    accept(construct, f"AwsSolutions-IAM5[Resource::{written}]", reason)
