"""The one private bucket."""

from aws_cdk import ArnFormat, Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IDependable

from infra.nag import accept


class Bucket(Construct):
    """Photos and portraits; never public, never over plain HTTP, uploads cleared by themselves."""

    def __init__(self, scope: Construct, name: str, *, stage: str, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        # A name that is known beforehand: the queue's policy names the bucket, which can't exist before the policy.
        bucket_name = f"veil-{stage}-{Aws.ACCOUNT_ID}-{Aws.REGION}"
        self.arn = Stack.of(self).format_arn(
            service="s3", region="", account="", resource=bucket_name, arn_format=ArnFormat.NO_RESOURCE_NAME
        )
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=bucket_name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[
                s3.LifecycleRule(id="raw-uploads", prefix="incoming/", expiration=Duration.days(1)),
                s3.LifecycleRule(id="checked-photos", prefix="inputs/", expiration=Duration.days(2)),
                s3.LifecycleRule(id="unfinished", abort_incomplete_multipart_upload_after=Duration.days(1)),
            ],
            removal_policy=removal,
        )
        accept(
            self.bucket,
            "AwsSolutions-S1",
            "S3's access logs would hold every presigned URL's key in a second bucket; CloudTrail data events "
            "tell who read what where an account wants it.",
        )

    def objects(self, prefix: str) -> str:
        """ARN of every object under ``prefix``."""
        return f"{self.arn}/{prefix}/*"

    def notify(self, queue: sqs.Queue, queue_policy: IDependable, prefix: str) -> None:
        """Tell ``queue`` of each object created under ``prefix``; ``queue_policy`` lets the bucket do so.

        On the bucket itself, since the CDK's own way is a custom resource with a role over all buckets.
        """
        resource = self.bucket.node.default_child
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
