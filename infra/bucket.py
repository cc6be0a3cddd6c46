"""The one private bucket of photos and images."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IDependable

from infra.nag import accept
from infra.times import CHECKED_PHOTO_DAYS, RAW_PHOTO_DAYS

PREFIXES = ("incoming", "inputs", "results")  # of all that is in it
CORS_SECONDS = 3600  # that a browser may remember what it may do


class Bucket(Construct):
    """Photos and images. Never public, never over plain HTTP; S3 deletes old photos by itself."""

    def __init__(self, scope: Construct, name: str, *, stage: str, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        # Not a generated name: the queue's policy has to name the bucket before the bucket can exist.
        # Nor a reference to the bucket: its rules name the edge, which is made before it.
        self.name_on_s3 = f"veil-{stage}-{Aws.ACCOUNT_ID}-{Aws.REGION}"
        self.arn = Stack.of(self).format_arn(
            service="s3", region="", account="", resource=self.name_on_s3, arn_format=ArnFormat.NO_RESOURCE_NAME
        )
        self._bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=self.name_on_s3,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[
                s3.LifecycleRule(id="raw-uploads", prefix="incoming/", expiration=Duration.days(RAW_PHOTO_DAYS)),
                s3.LifecycleRule(id="checked-photos", prefix="inputs/", expiration=Duration.days(CHECKED_PHOTO_DAYS)),
                s3.LifecycleRule(id="unfinished", abort_incomplete_multipart_upload_after=Duration.days(1)),
            ],
            removal_policy=removal,
        )
        self.name = self._bucket.bucket_name
        self.origin = f"https://{self.name_on_s3}.s3.{Aws.REGION}.{Aws.URL_SUFFIX}"
        accept(
            self._bucket,
            "AwsSolutions-S1",
            "S3's access logs would copy the key of every presigned URL into a second bucket; an account that wants "
            "to know who read what turns on CloudTrail data events.",
        )

    def objects(self, prefix: str) -> str:
        """ARN of every object under ``prefix``."""
        return f"{self.arn}/{prefix}/*"

    def show_to(self, distribution_arn: str, readers: Sequence[str]) -> None:
        """Let a distribution read images, and of all others ``readers`` alone, the ids of roles: for the rest it is
        denied, whatever their own policies allow.

        A key that a request does not have counts as unequal: roles come without the one, CloudFront without the other.
        """
        images = self._bucket.arn_for_objects("results/*")
        self._bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject"],
                principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                resources=[images],
                conditions={"StringEquals": {"aws:SourceArn": distribution_arn}},
            )
        )
        self._bucket.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=["s3:GetObject", "s3:GetObjectVersion"],
                principals=[iam.AnyPrincipal()],
                resources=[images],
                conditions={
                    "StringNotEquals": {"aws:SourceArn": distribution_arn},
                    "StringNotLike": {"aws:userid": [f"{role_id}:*" for role_id in readers]},
                },
            )
        )

    def take_from(self, origin: str) -> None:
        """Let pages of ``origin`` put photos by presigned URLs."""
        self._bucket.add_cors_rule(
            allowed_origins=[origin],
            allowed_methods=[s3.HttpMethods.PUT],
            allowed_headers=["content-type", "x-amz-checksum-sha256"],
            exposed_headers=["ETag"],
            max_age=CORS_SECONDS,
        )

    def notify(self, queue: sqs.Queue, queue_policy: IDependable, prefix: str) -> None:
        """Send ``queue`` a message for each object created under ``prefix``; ``queue_policy`` allows it.

        Set on the bucket itself: the CDK's own way adds a custom resource with a role over all buckets.
        """
        resource = self._bucket.node.default_child
        assert isinstance(resource, s3.CfnBucket)  # noqa: S101  what the CDK's own construct is made of
        resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(
                    event="s3:ObjectCreated:*",
                    queue=queue.queue_arn,
                    filter=s3.CfnBucket.NotificationFilterProperty(
                        s3_key=s3.CfnBucket.S3KeyFilterProperty(
                            rules=[s3.CfnBucket.FilterRuleProperty(name="prefix", value=f"{prefix}/")]
                        )
                    ),
                )
            ]
        )
        resource.node.add_dependency(queue_policy)
