"""The key that billing keys are sealed with."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from constructs import Construct


def money_key(scope: Construct, *, removal: RemovalPolicy) -> kms.Key:
    """Rotated each year."""
    return kms.Key(
        scope,
        "Key",
        description="Seals the billing keys of Veil's customers",
        enable_key_rotation=True,
        removal_policy=removal,
    )
