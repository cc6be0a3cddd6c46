"""The stack: its constructs, how they are joined, and the rights of the functions."""

from aws_cdk import CfnOutput, Environment, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.api import Api
from infra.auditor import Auditor
from infra.bucket import PREFIXES, Bucket
from infra.check_queue import CheckQueue
from infra.context import Context
from infra.delivery_keys import DeliveryKeys
from infra.edge import TOSS_SCRIPT, Edge, Place
from infra.function_table import FUNCTIONS, QueueName
from infra.functions import Function
from infra.identity import Identity
from infra.layers import Layers
from infra.measures import Measures
from infra.money_key import money_key
from infra.nag import accept, accept_objects
from infra.names import function_output, origin_of, pascal
from infra.notify_queue import NotifyQueue
from infra.queues import ERASER, MONEY, POLL, WorkQueue
from infra.secrets import Secrets
from infra.sweep import Sweep
from infra.table import Table
from infra.watching import watch
from veil.settings.payments import TossSettings

TOSS_URL: str = TossSettings.model_fields["toss_url"].default


class VeilStack(Stack):
    """One deployment of Veil."""

    def __init__(self, scope: Construct, *, context: Context, retain: bool, log_retention: logs.RetentionDays) -> None:
        """``retain``: keep the table, the bucket, the secrets and the users when the stack is deleted."""
        stage = context.stage
        super().__init__(
            scope,
            f"veil-{stage}",
            env=Environment(region=context.region),
            description=f"Veil ({stage}): one ID photo in, four private wedding portraits out.",
            termination_protection=retain,
        )
        # What is kept has a name: if it outlived a first deployment that failed, the next one would stumble over it.
        removal = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if retain else RemovalPolicy.DESTROY
        self.table = Table(self, "Data", removal=removal)
        self.bucket = Bucket(self, "Photos", stage=stage, removal=removal)
        self.secrets = Secrets(self, "Secrets", stage=stage, removal=removal)
        self.api = Api(self, "Api", stage=stage, log_retention=log_retention, domain=context.api)
        checks = CheckQueue(self, "CheckQueue", bucket=self.bucket)
        self.money = WorkQueue(self, "MoneyQueue", MONEY)
        self.money_key = money_key(self.money, removal=removal)
        self.erasures = WorkQueue(self, "EraserQueue", ERASER)
        self.events = NotifyQueue(self, "NotifyQueue", stage=stage)
        self.polls = WorkQueue(self, "PollQueue", POLL)
        identity = Identity(self, context=context, removal=removal)
        chosen = context.overrides()
        made = {
            "STAGE": stage,
            "TABLE_NAME": self.table.name,
            "BUCKET_NAME": self.bucket.name,
            "QUEUE_URL": checks.url,
            "MONEY_QUEUE_URL": self.money.url,
            "MONEY_KEY_ARN": self.money_key.key_arn,
            "ERASER_QUEUE_URL": self.erasures.url,
            "NOTIFY_QUEUE_URL": self.events.url,
            "DELIVERY_QUEUE_URL": self.events.deliveries_url,
            "EVENT_BUS_NAME": self.events.bus_name,
            "POLL_QUEUE_URL": self.polls.url,
            **({"USER_POOL_ID": identity.pool_id} if identity.pool_id else {}),
            **{field.upper(): secret for field, secret in self.secrets.names.items()},
        }
        layers = Layers(self, "Layers", stage=stage, architecture=context.architecture, system=context.system)

        def function(name: str, **settings: str) -> Function:
            return Function(
                self,
                pascal(name),
                function=name,
                stage=stage,
                layers=layers,
                settings={"WEBHOOK_URL": self.api.url, **settings, **chosen, **made},
                log_retention=log_retention,
                concurrency=context.webhook_concurrency if name == "webhook" else None,
            )

        keys = function("keys")
        self.edge = self._edge(context, identity, keys, removal)
        at_edge = {"WEB_URL": self.edge.url, "DISTRIBUTION_ID": self.edge.id}
        others = {name: function(name, **at_edge) for name in FUNCTIONS if name != "keys"}
        self.functions = {**others, "keys": keys}
        self._grant(identity)
        self.api.connect(self.functions, identity.authorizer(self.edge.url))
        checks.connect(self.functions["check"].lambda_, concurrency=context.check_concurrency)
        self.money.connect(self.functions["charger"].lambda_)
        self.erasures.connect(self.functions["eraser"].lambda_)
        self.events.connect(self.functions["notify"].lambda_, posts=bool(chosen.get("EVENTS_URL")))
        self.polls.connect(self.functions["poll"].lambda_)
        Sweep(self, "Sweep", stage=stage, function=self.functions["sweeper"].lambda_)
        self.dashboard_name = watch(
            self,
            context=context,
            measures=Measures(stage=stage, api_id=self.api.id),
            secrets=self.secrets.names,
            # Of the keys' failure the deployment tells.
            functions={name: each.lambda_ for name, each in others.items()},
            table_name=self.table.name,
            queues={
                "photos": checks,
                "money": self.money,
                "erasures": self.erasures,
                "events": self.events,
                "polls": self.polls,
            },
            posts=self.events.deliveries,
        )
        self._outputs()

    def _edge(self, context: Context, identity: Identity, keys: Function, removal: RemovalPolicy) -> Edge:
        """The edge, and the keys that its images are signed with, which ``keys`` makes before it."""
        chosen = context.overrides()
        photos = chosen.get("PRESIGN_ENDPOINT_URL")
        toss = chosen.get("TOSS_URL", TOSS_URL)
        signed = DeliveryKeys(
            self, "Delivery", function=keys, secrets=self.secrets, number=context.delivery_key, removal=removal
        )
        return Edge(
            self,
            "Edge",
            stage=context.stage,
            place=Place(
                url=chosen.get("WEB_URL"),
                api=context.api_origin,
                domain=context.web,
                connect=[origin_of(photos) if photos else self.bucket.origin, *identity.origins],
                toss_script=TOSS_SCRIPT if toss == TOSS_URL else f"{toss}/v2/standard",
            ),
            api_host=self.api.host,
            photos_name=self.bucket.name_on_s3,
            key_group_id=signed.group_id,
            removal=removal,
        )

    def _grant(self, identity: Identity) -> None:
        """Let each function do what its row of the table says, and read the secrets that its settings name."""
        queues: dict[QueueName, str] = {
            "erasures": self.erasures.arn,
            "polls": self.polls.arn,
            "money": self.money.arn,
            "events": self.events.arn,
            "deliveries": self.events.deliveries_arn,
        }
        for name, function in self.functions.items():
            spec = FUNCTIONS[name]
            function.allow("dynamodb", spec.table, self.table.arn)
            function.allow("dynamodb", spec.work_index, self.table.work_index_arn)
            for prefix, actions in spec.objects.items():
                function.allow("s3", actions, self.bucket.objects(prefix))
                accept_objects(function.role, self.bucket.objects(prefix), "The objects' names are made at run time.")
            for prefix in spec.listed:
                below = {"StringLike": {"s3:prefix": f"{prefix}/*"}}
                function.allow("s3", ["ListBucket"], self.bucket.arn, conditions=below)
            if spec.versions_listed:
                each = [f"{prefix}/*" for prefix in spec.versions_listed]
                listed = {"StringLike": {"s3:prefix": each}}
                function.allow("s3", ["ListBucketVersions"], self.bucket.arn, conditions=listed)
            if identity.pool_arn:
                function.allow("cognito-idp", spec.users, identity.pool_arn)
            for queue in spec.sends:
                function.allow("sqs", ["SendMessage"], queues[queue])
            function.allow("events", spec.event_bus, self.events.bus_arn)
            function.allow("kms", spec.money_key, self.money_key.key_arn)
            if spec.rekognition:
                function.allow("rekognition", spec.rekognition, "*")
                accept(function.role, "AwsSolutions-IAM5[Resource::*]", "CompareFaces knows no resources.")
            if spec.public_keys:
                function.allow("cloudfront", spec.public_keys, "*")
                accept(function.role, "AwsSolutions-IAM5[Resource::*]", "CloudFront's keys know no resources.")
            function.allow("cloudfront", spec.distribution, self.edge.arn)
            fields = sorted(spec.settings.model_fields.keys() & self.secrets.names.keys())
            function.allow("secretsmanager", spec.secrets, *map(self.secrets.arn, fields))
        auditor = Auditor(self, "Auditor", objects=[self.bucket.objects(prefix) for prefix in PREFIXES])
        self.auditor_arn = auditor.role_arn
        readers = [function.role.role_id for name, function in self.functions.items() if FUNCTIONS[name].reads_images]
        self.bucket.show_to(self.edge.arn, [*readers, auditor.role.role_id])
        self.bucket.take_from(self.edge.origin)

    def _outputs(self) -> None:
        outputs = {
            "ApiUrl": self.api.url,
            "ApiId": self.api.id,
            "TableName": self.table.name,
            "BucketName": self.bucket.name,
            "WebUrl": self.edge.url,
            "WebBucketName": self.edge.web_bucket_name,
            "DistributionId": self.edge.id,
            "DistributionDomain": self.edge.domain,
            "AuditorRoleArn": self.auditor_arn,
            "TossScript": self.edge.toss_script,
            "EventBusName": self.events.bus_name,
            "DashboardName": self.dashboard_name,
            **({"ApiDomainTarget": self.api.domain_target} if self.api.domain_target else {}),
            **{function_output(name): function.name for name, function in self.functions.items()},
            **{pascal(field): secret for field, secret in self.secrets.names.items()},
        }
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)
