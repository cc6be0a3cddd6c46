"""The stack: what there is, how it is joined, and what each function may do."""

from aws_cdk import CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.alarms import Alarms
from infra.api import Api
from infra.bucket import Bucket
from infra.check_queue import CheckQueue
from infra.context import Context
from infra.functions import Function
from infra.identity import authorizer
from infra.layers import Layers
from infra.nag import accept_objects
from infra.secrets import Secrets, pascal
from infra.sweep import Sweep
from infra.table import Table
from veil.settings import FUNCTIONS


class VeilStack(Stack):
    """One deployment of Veil."""

    def __init__(self, scope: Construct, *, context: Context, retain: bool, log_retention: logs.RetentionDays) -> None:
        """``retain``: whether table, bucket, secrets and users outlive the stack."""
        stage = context.stage
        super().__init__(
            scope,
            f"veil-{stage}",
            env=Environment(region=context.region),
            description=f"Veil ({stage}): one ID photo in, four private wedding portraits out.",
            termination_protection=retain,
        )
        removal = RemovalPolicy.RETAIN if retain else RemovalPolicy.DESTROY
        self.table = Table(self, "Data", removal=removal)
        self.bucket = Bucket(self, "Photos", stage=stage, removal=removal)
        self.secrets = Secrets(self, "Secrets", stage=stage, removal=removal)
        self.api = Api(self, "Api", stage=stage, log_retention=log_retention)
        checks = CheckQueue(self, "CheckQueue", bucket=self.bucket)
        settings = {
            "WEBHOOK_URL": self.api.url,
            **context.overrides(),
            "STAGE": stage,
            "TABLE_NAME": self.table.table.table_name,
            "BUCKET_NAME": self.bucket.bucket.bucket_name,
            "QUEUE_URL": checks.queue.queue_url,
            **{field.upper(): secret for field, secret in self.secrets.names.items()},
        }
        layers = Layers(self, "Layers", stage=stage, architecture=context.architecture)
        self.functions = {
            name: Function(
                self,
                name.title(),
                function=name,
                stage=stage,
                layers=layers,
                settings=settings,
                log_retention=log_retention,
            )
            for name in FUNCTIONS
        }
        self._grant()
        token = authorizer(
            self, issuer=context.oidc_issuer, audience=context.oidc_audience, stage=stage, removal=removal
        )
        self.api.connect(self.functions, token)
        checks.connect(self.functions["check"].function, concurrency=context.check_concurrency)
        Sweep(self, "Sweep", stage=stage, function=self.functions["sweeper"].function)
        Alarms(
            self,
            "Alarms",
            stage=stage,
            functions=self.functions,
            redrive=checks.redrive,
            email=context.alarm_email,
            metric_math=context.metric_math,
        )
        self._outputs()

    def _grant(self) -> None:
        """Who may do what. Each function reads the secrets that its settings name; the queue is granted with it."""
        items = {
            "uploads": ["GetItem", "PutItem", "UpdateItem"],
            "check": ["GetItem", "UpdateItem"],
            "generations": ["GetItem", "BatchGetItem", "PutItem", "UpdateItem"],
            "webhook": ["GetItem", "PutItem", "UpdateItem"],
            "sweeper": ["PutItem", "UpdateItem"],
            "gallery": ["GetItem", "Query", "PutItem", "UpdateItem"],
        }
        objects = {
            "uploads": {"incoming": ["PutObject"]},
            "check": {"incoming": ["GetObject", "DeleteObject"], "inputs": ["PutObject"]},
            "generations": {"inputs": ["GetObject"]},
            "webhook": {"results": ["GetObject", "PutObject"], "inputs": ["GetObject"]},
            "sweeper": {"results": ["GetObject", "PutObject", "DeleteObject"], "inputs": ["GetObject"]},
            "gallery": {"results": ["GetObject", "DeleteObject"]},
        }
        for name, function in self.functions.items():
            function.allow([f"dynamodb:{action}" for action in items[name]], self.table.arn)
            for prefix, actions in objects[name].items():
                function.allow([f"s3:{action}" for action in actions], self.bucket.objects(prefix))
                accept_objects(function.role, self.bucket.objects(prefix), "The objects' names are made at run time.")
            fields = sorted(FUNCTIONS[name].model_fields.keys() & self.secrets.names.keys())
            function.allow(["secretsmanager:GetSecretValue"], *map(self.secrets.arn, fields))
        self.functions["sweeper"].allow(["dynamodb:Query"], self.table.work_index_arn)
        # Without it, S3 answers a missing object with 403, and a repeated message would look like a defect.
        self.functions["check"].allow(
            ["s3:ListBucket"], self.bucket.arn, conditions={"StringLike": {"s3:prefix": "incoming/*"}}
        )

    def _outputs(self) -> None:
        outputs = {
            "ApiUrl": self.api.url,
            "ApiId": self.api.api.api_id,
            "TableName": self.table.table.table_name,
            "BucketName": self.bucket.bucket.bucket_name,
            **{f"{name.title()}Function": made.function.function_name for name, made in self.functions.items()},
            **{pascal(field): secret for field, secret in self.secrets.names.items()},
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
