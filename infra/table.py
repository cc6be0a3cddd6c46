"""The one table."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.table_shape import EXPIRES_AT, INDEX, INDEX_KEYS, KEYS, TYPES

_TYPES = {"S": dynamodb.AttributeType.STRING, "N": dynamodb.AttributeType.NUMBER}


class Table(Construct):
    """One partition for each user, and a sparse index of the items with work left to do."""

    def __init__(self, scope: Construct, name: str, *, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        table = dynamodb.Table(
            self,
            "Table",
            partition_key=_attribute(KEYS.partition),
            sort_key=_attribute(KEYS.sort),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute=EXPIRES_AT,
            removal_policy=removal,
            deletion_protection=removal is not RemovalPolicy.DESTROY,
        )
        table.add_global_secondary_index(
            index_name=INDEX,
            partition_key=_attribute(INDEX_KEYS.partition),
            sort_key=_attribute(INDEX_KEYS.sort),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self.name = table.table_name
        self.arn = table.table_arn
        self.work_index_arn = f"{self.arn}/index/{INDEX}"


def _attribute(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=_TYPES[TYPES[name]])
