"""The one private bucket."""

from aws_cdk import ArnFormat, Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IDependable

from infra.nag import accept
from infra.times import CHECKED_PHOTO_DAYS, RAW_PHOTO_DAYS


class Bucket(Construct):
    """Photos and images. Never public, never over plain HTTP; S3 deletes old photos by itself."""

    def __init__(self, scope: Construct, name: str, *, stage: str, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        # Not a generated name: the queue's policy has to name the bucket before the bucket can exist.
        name_on_s3 = f"veil-{stage}-{Aws.ACCOUNT_ID}-{Aws.REGION}"
        self.arn = Stack.of(self).format_arn(
            service="s3", region="", account="", resource=name_on_s3, arn_format=ArnFormat.NO_RESOURCE_NAME
        )
        self._bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=name_on_s3,
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
        accept(
            self._bucket,
            "AwsSolutions-S1",
            "S3's access logs would copy the key of every presigned URL into a second bucket; an account that wants "
            "to know who read what turns on CloudTrail data events.",
        )

    def objects(self, prefix: str) -> str:
        """ARN of every object under ``prefix``."""
        return f"{self.arn}/{prefix}/*"

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
