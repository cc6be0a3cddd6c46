"""The edge: one CloudFront distribution for the web client, the API and the images, all on one origin."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aws_cdk import Annotations, CfnResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra import edge_headers
from infra.edge_headers import headers
from infra.nag import accept
from infra.names import Domain, origin_of
from infra.times import IMAGE_CACHE_SECONDS
from infra.web_bucket import WebBucket

FUNCTIONS = Path(__file__).with_name("edge_functions")
TLS = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021
TOSS_SCRIPT = "https://js.tosspayments.com/v2/standard"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an edge is found, and what its pages may call.

    ``url`` and ``api``: its address, and the API's, where those are not their own (in the local cloud).
    ``domain``: a name of the team's, with a certificate in us-east-1.
    ``connect``: origins that the web client calls beside the edge. ``toss_script``: the address of Toss's script.
    """

    url: str | None
    api: str | None
    domain: Domain | None
    connect: Sequence[str]
    toss_script: str = TOSS_SCRIPT


class Edge(Construct):
    """``url`` is its address as people reach it, without a trailing slash; ``domain`` is CloudFront's name of it."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: str,
        place: Place,
        api_host: str,
        photos_name: str,
        key_group_id: str,
        removal: RemovalPolicy,
    ) -> None:
        """``photos_name``: of the bucket of images, whose policy and CORS rules name this distribution, and which is
        therefore made after it. ``key_group_id``: the keys that URLs of images are signed with.
        """
        super().__init__(scope, name)
        self._prefix = f"veil-{stage}-{Stack.of(self).region}"  # names of CloudFront's are an account's, not a region's
        self._web = WebBucket(self, "Web", stage=stage, removal=removal)
        self.web_bucket_name = self._web.name
        web, photos = self._of_bucket("Web", self._web.name), self._of_bucket("Photos", photos_name)
        strict = headers(self, "App", prefix=self._prefix, policy=edge_headers.app(place.connect))
        self._distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"veil-{stage}",
            default_behavior=self._pages(web, "app", strict),
            additional_behaviors={
                "/api/*": self._api(_http_origin(place.api) if place.api else origins.HttpOrigin(api_host), strict),
                "/results/*": self._images(photos, key_group_id),
                "/docs*": self._pages(
                    web, "docs", headers(self, "Docs", prefix=self._prefix, policy=edge_headers.docs())
                ),
                "/pay*": self._pages(
                    web,
                    "pay",
                    headers(self, "Pay", prefix=self._prefix, policy=edge_headers.pay(origin_of(place.toss_script))),
                ),
            },
            certificate=self._certificate(place.domain) if place.domain else None,
            domain_names=[place.domain.name] if place.domain else None,
            price_class=cloudfront.PriceClass.PRICE_CLASS_200,  # the least that has Korea
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=TLS if place.domain else None,
        )
        self.id, self.domain = self._distribution.distribution_id, self._distribution.distribution_domain_name
        self.arn = Stack.of(self).format_arn(
            service="cloudfront", region="", resource="distribution", resource_name=self.id
        )
        self._web.show_to(self.arn)
        self.url = place.url or f"https://{place.domain.name if place.domain else self.domain}"
        self.toss_script = place.toss_script
        self.origin = origin_of(place.url) if place.url else self.url
        for each in self.node.find_all():  # a distribution that stays needs all that it names
            if isinstance(each, CfnResource):
                each.apply_removal_policy(removal)
        self._accept(place)

    def _certificate(self, domain: Domain) -> certificates.ICertificate:
        return certificates.Certificate.from_certificate_arn(self, "Certificate", domain.certificate)

    def _of_bucket(self, name: str, bucket_name: str) -> cloudfront.IOrigin:
        """A bucket, by an origin access control. It counts as another stack's: else the CDK would open it whole."""
        control = cloudfront.S3OriginAccessControl(
            self, f"{name}Access", origin_access_control_name=f"{self._prefix}-{name.lower()}"
        )
        bucket = s3.Bucket.from_bucket_attributes(
            self, f"{name}Bucket", bucket_name=bucket_name, region=Stack.of(self).region
        )
        Annotations.of(self).acknowledge_warning("@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac")
        return origins.S3BucketOrigin.with_origin_access_control(bucket, origin_access_control=control)

    def _pages(
        self, origin: cloudfront.IOrigin, function: str, policy: cloudfront.ResponseHeadersPolicy
    ) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origin,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=policy,
            function_associations=[self._function(function, cloudfront.FunctionEventType.VIEWER_REQUEST)],
        )

    def _api(self, origin: cloudfront.IOrigin, policy: cloudfront.ResponseHeadersPolicy) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origin,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=policy,
            function_associations=[self._function("api", cloudfront.FunctionEventType.VIEWER_REQUEST)],
        )

    def _images(self, origin: cloudfront.IOrigin, key_group_id: str) -> cloudfront.BehaviorOptions:
        lifetime = Duration.seconds(IMAGE_CACHE_SECONDS)
        return cloudfront.BehaviorOptions(
            origin=origin,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            compress=False,
            cache_policy=cloudfront.CachePolicy(
                self,
                "ImageCache",
                cache_policy_name=f"{self._prefix}-images",
                min_ttl=Duration.seconds(0),
                default_ttl=lifetime,
                max_ttl=lifetime,
            ),
            response_headers_policy=headers(
                self, "Images", prefix=self._prefix, policy=edge_headers.CLOSED, more=edge_headers.IMAGE
            ),
            trusted_key_groups=[cloudfront.KeyGroup.from_key_group_id(self, "KeyGroup", key_group_id)],
            function_associations=[self._function("image", cloudfront.FunctionEventType.VIEWER_RESPONSE)],
        )

    def _function(self, name: str, event: cloudfront.FunctionEventType) -> cloudfront.FunctionAssociation:
        made = cloudfront.Function(
            self,
            f"{name.title()}Function",
            function_name=f"{self._prefix}-{name}",
            code=cloudfront.FunctionCode.from_file(file_path=str(FUNCTIONS / f"{name}.js")),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(function=made, event_type=event)

    def _accept(self, place: Place) -> None:
        accept(self._distribution, "AwsSolutions-CFR1", "Whoever has a token may be anywhere.")
        accept(self._distribution, "AwsSolutions-CFR2", "A firewall costs more than the rest of a stage: for later.")
        accept(self._distribution, "AwsSolutions-CFR3", "The log would hold every signed URL.")
        if place.api:
            accept(self._distribution, "AwsSolutions-CFR5", "The local cloud's API, on loopback.")
        if place.domain is None:
            accept(self._distribution, "AwsSolutions-CFR4", "CloudFront's own certificate has CloudFront's own floor.")


def _http_origin(url: str) -> cloudfront.IOrigin:
    """An API at ``https://host:port`` or, in the local cloud, ``http://host:port``."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "http":
        policy = cloudfront.OriginProtocolPolicy.HTTP_ONLY
        return origins.HttpOrigin(host, http_port=parts.port or 80, protocol_policy=policy)
    return origins.HttpOrigin(host, https_port=parts.port or 443)
