"""The one table."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

WORK_INDEX = "work"


class Table(Construct):
    """One partition for each user, and a sparse index of the items with work left to do."""

    def __init__(self, scope: Construct, name: str, *, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            removal_policy=removal,
            deletion_protection=removal is RemovalPolicy.RETAIN,
        )
        table.add_global_secondary_index(
            index_name=WORK_INDEX,
            partition_key=dynamodb.Attribute(name="work_shard", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="due_at", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        self.name = table.table_name
        self.arn = table.table_arn
        self.work_index_arn = f"{self.arn}/index/{WORK_INDEX}"
