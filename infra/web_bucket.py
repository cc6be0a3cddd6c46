"""The bucket of the web client's files."""

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.nag import accept


class WebBucket(Construct):
    """Private: only the edge reads it. `operations.publish` fills it."""

    def __init__(self, scope: Construct, name: str, *, stage: str, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=f"veil-{stage}-web-{Aws.ACCOUNT_ID}-{Aws.REGION}",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            removal_policy=removal,
        )
        self.name = self.bucket.bucket_name
        accept(self.bucket, "AwsSolutions-S1", "It holds what everybody may read, and only the edge reads it.")

    def show_to(self, distribution_arn: str) -> None:
        """Let a distribution read every file. It may not list: a missing file is 403, as any that is not ours."""
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject"],
                principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                resources=[self.bucket.arn_for_objects("*")],
                conditions={"StringEquals": {"aws:SourceArn": distribution_arn}},
            )
        )
