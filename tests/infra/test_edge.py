"""The edge: what is shown at which path, to whom, under which headers, and out of which bucket."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.times import IMAGE_CACHE_SECONDS
from tests.infra.synthesized import Synthesize, Synthesized

DISTRIBUTION = "AWS::CloudFront::Distribution"
CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/1"
SECURITY = {"AccessControlMaxAgeSec": 365 * 24 * 3600, "Override": True}


def config(synthesized: Synthesized) -> dict[str, Any]:
    return dict(synthesized.only(DISTRIBUTION)["DistributionConfig"])


def behavior(synthesized: Synthesized, path: str) -> dict[str, Any]:
    every = config(synthesized)
    found = {each["PathPattern"]: each for each in every["CacheBehaviors"]} | {"*": every["DefaultCacheBehavior"]}
    return dict(found[path])


def origin(synthesized: Synthesized, path: str) -> dict[str, Any]:
    target = behavior(synthesized, path)["TargetOriginId"]
    (found,) = [each for each in config(synthesized)["Origins"] if each["Id"] == target]
    return dict(found)


def policy(synthesized: Synthesized, path: str) -> dict[str, list[str]]:
    """The content security policy at a path, by directive."""
    return {name: sources.split() for name, _, sources in _directives(headers(synthesized, path))}


def headers(synthesized: Synthesized, path: str) -> dict[str, Any]:
    named = behavior(synthesized, path)["ResponseHeadersPolicyId"]["Ref"]
    return dict(synthesized.of_type("AWS::CloudFront::ResponseHeadersPolicy")[named]["ResponseHeadersPolicyConfig"])


def _directives(config: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    written = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    text = written if isinstance(written, str) else "".join(_text(part) for part in written["Fn::Join"][1])
    return (each.partition(" ") for each in text.split("; "))


def _text(part: Any) -> str:
    return part if isinstance(part, str) else next(iter(map(str, part.values())))


def code(synthesized: Synthesized, path: str) -> tuple[str, str]:
    """When the function of a path runs, and what it says."""
    (each,) = behavior(synthesized, path)["FunctionAssociations"]
    function = synthesized.of_type("AWS::CloudFront::Function")[each["FunctionARN"]["Fn::GetAtt"][0]]
    assert (function["AutoPublish"], function["FunctionConfig"]["Runtime"]) == (True, "cloudfront-js-2.0")
    return each["EventType"], function["FunctionCode"]


def test_the_places(dev: Synthesized) -> None:
    every = config(dev)
    assert [each["PathPattern"] for each in every["CacheBehaviors"]] == ["/api/*", "/results/*", "/docs*", "/pay*"]
    assert "CustomErrorResponses" not in every  # they would turn the API's 404 into a page
    assert (every["PriceClass"], every["HttpVersion"]) == ("PriceClass_200", "http2and3")
    assert {each["ViewerProtocolPolicy"] for each in (*every["CacheBehaviors"], every["DefaultCacheBehavior"])} == {
        "https-only", "redirect-to-https",
    }  # fmt: skip


def test_images_are_shown_by_signature_alone_and_for_a_minute(dev: Synthesized) -> None:
    images = behavior(dev, "/results/*")
    (keys,) = dev.of_type("Custom::DeliveryKeys")
    assert images["TrustedKeyGroups"] == [{"Ref": keys}]
    assert not {"AllowedMethods", "OriginRequestPolicyId"} & images.keys()  # GET and HEAD, and nothing of the viewer's
    cache = dev.only("AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    assert (cache["MinTTL"], cache["DefaultTTL"], cache["MaxTTL"]) == (0, IMAGE_CACHE_SECONDS, IMAGE_CACHE_SECONDS)
    parts = cache["ParametersInCacheKeyAndForwardedToOrigin"]
    assert parts["QueryStringsConfig"] == {"QueryStringBehavior": "none"}  # one copy, shown or saved
    custom = {each["Header"]: each for each in headers(dev, "/results/*")["CustomHeadersConfig"]["Items"]}
    assert custom["cache-control"] == {
        "Header": "cache-control", "Value": f"private, max-age={IMAGE_CACHE_SECONDS}", "Override": True,
    }  # fmt: skip
    assert all("TrustedKeyGroups" not in behavior(dev, path) for path in ("*", "/api/*", "/docs*", "/pay*"))


def test_the_api_is_as_it_is_and_never_kept(dev: Synthesized) -> None:
    api = behavior(dev, "/api/*")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's CachingDisabled
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # all of the viewer's but Host
    assert set(api["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
    assert origin(dev, "/api/*")["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_every_bucket_is_reached_by_its_own_access_control(dev: Synthesized) -> None:
    controls = dev.of_type("AWS::CloudFront::OriginAccessControl")
    assert len(controls) == 2
    for control in controls.values():
        told = control["OriginAccessControlConfig"]
        assert (told["SigningBehavior"], told["SigningProtocol"]) == ("always", "sigv4")
    places = {
        path: origin(dev, path)["OriginAccessControlId"]["Fn::GetAtt"][0] for path in ("*", "/docs*", "/results/*")
    }
    assert places["*"] == places["/docs*"] != places["/results/*"]
    assert set(places.values()) == set(controls)


def test_the_photo_bucket_shows_images_to_the_edge_and_to_those_who_check_them(dev: Synthesized) -> None:
    statements = dev.named("AWS::S3::BucketPolicy", "Photos")["PolicyDocument"]["Statement"]
    (allow,) = [each for each in statements if each["Effect"] == "Allow"]
    (deny,) = [each for each in statements if "StringNotEquals" in each["Condition"]]
    assert (allow["Action"], allow["Principal"]) == ("s3:GetObject", {"Service": "cloudfront.amazonaws.com"})
    assert json.dumps(allow["Resource"]).endswith('"/results/*"]]}')
    assert allow["Resource"] == deny["Resource"]
    assert (deny["Effect"], deny["Principal"]) == ("Deny", {"AWS": "*"})
    assert set(deny["Action"]) == {"s3:GetObject", "s3:GetObjectVersion"}
    this = allow["Condition"]["StringEquals"]["aws:SourceArn"]
    assert json.dumps(this).count(next(iter(dev.of_type(DISTRIBUTION)))) == 1
    assert deny["Condition"] == {
        "StringNotEquals": {
            "aws:SourceArn": this,
        },
        "StringNotLike": {
            "aws:userid": [
                {"Fn::Join": ["", [{"Fn::GetAtt": [role, "RoleId"]}, ":*"]]}
                for role in _roles(dev, "webhook", "poll", "sweeper", "auditor")
            ],
        },
    }


def _roles(dev: Synthesized, *names: str) -> list[str]:
    (auditor,) = [name for name in dev.of_type("AWS::IAM::Role") if name.startswith("Auditor")]
    return [auditor if name == "auditor" else dev.function(name)["Role"]["Fn::GetAtt"][0] for name in names]


def test_photos_come_from_pages_of_the_edge_alone(dev: Synthesized, synthesize: Synthesize) -> None:
    (rule,) = dev.named("AWS::S3::Bucket", "Photos")["CorsConfiguration"]["CorsRules"]
    (distribution,) = dev.of_type(DISTRIBUTION)
    domain = {"Fn::GetAtt": [distribution, "DomainName"]}
    assert rule["AllowedOrigins"] == [{"Fn::Join": ["", ["https://", domain]]}]
    assert (rule["AllowedMethods"], rule["ExposedHeaders"]) == (["PUT"], ["ETag"])
    assert set(rule["AllowedHeaders"]) == {"content-type", "x-amz-checksum-sha256"}  # all that a place may ask for
    local = synthesize(settings=json.dumps({"WEB_URL": "http://127.0.0.1:8787"}))
    (rule,) = local.named("AWS::S3::Bucket", "Photos")["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["http://127.0.0.1:8787"]


def test_the_web_clients_policy_is_strict(dev: Synthesized, synthesize: Synthesize) -> None:
    for path in ("*", "/api/*"):
        strict = policy(dev, path)
        assert strict["default-src"] == ["'none'"]
        for directive in ("script-src", "style-src", "font-src", "manifest-src", "worker-src", "form-action"):
            assert strict[directive] == ["'self'"]
        assert strict["frame-ancestors"] == strict["base-uri"] == ["'none'"]
        assert "unsafe" not in json.dumps(strict)
        assert strict["connect-src"][0] == "'self'"
    local = synthesize(
        settings=json.dumps({"PRESIGN_ENDPOINT_URL": "http://127.0.0.1:9000/x"}),
        oidc_issuer="https://login.example/realm",
        oidc_audience="veil",
    )
    assert policy(local, "*")["connect-src"] == ["'self'", "http://127.0.0.1:9000", "https://login.example"]


@pytest.mark.parametrize("path", ["*", "/api/*", "/results/*", "/docs*", "/pay*"])
def test_headers_that_every_answer_has(dev: Synthesized, path: str) -> None:
    security = headers(dev, path)["SecurityHeadersConfig"]
    assert security["StrictTransportSecurity"] == SECURITY
    assert security["ContentTypeOptions"] == {"Override": True}
    assert security["ReferrerPolicy"] == {"Override": True, "ReferrerPolicy": "strict-origin-when-cross-origin"}
    assert security["ContentSecurityPolicy"]["Override"] is True
    custom = {each["Header"]: each["Value"] for each in headers(dev, path)["CustomHeadersConfig"]["Items"]}
    assert custom["permissions-policy"] == "camera=(self), microphone=(), geolocation=()"


def test_two_pages_have_a_looser_policy_and_show_nothing_else(dev: Synthesized) -> None:
    assert policy(dev, "/docs*")["style-src"] == ["'self'", "'unsafe-inline'"]
    assert policy(dev, "/docs*")["script-src"] == ["'self'"]
    pay = policy(dev, "/pay*")
    assert pay["script-src"] == ["'self'", "https://js.tosspayments.com"]
    assert pay["frame-src"] == ["https://js.tosspayments.com", "https://*.tosspayments.com"]
    for path, page in (("/docs*", "/docs.html"), ("/pay*", "/pay.html")):
        event, says = code(dev, path)
        assert event == "viewer-request"
        assert says.count("request.uri") == says.count(f'request.uri = "{page}"') == 1


def test_toss_is_where_the_deployment_says(dev: Synthesized, synthesize: Synthesize) -> None:
    assert dev.template["Outputs"]["TossScript"]["Value"] == "https://js.tosspayments.com/v2/standard"
    local = synthesize(settings=json.dumps({"TOSS_URL": "http://127.0.0.1:9000/toss"}))
    assert local.template["Outputs"]["TossScript"]["Value"] == "http://127.0.0.1:9000/toss/v2/standard"
    assert policy(local, "/pay*")["script-src"] == ["'self'", "http://127.0.0.1:9000"]


def test_the_address_is_the_distributions_or_the_teams(dev: Synthesized, synthesize: Synthesize) -> None:
    (distribution,) = dev.of_type(DISTRIBUTION)
    domain = {"Fn::GetAtt": [distribution, "DomainName"]}
    own = {"Fn::Join": ["", ["https://", domain]]}
    assert dev.template["Outputs"]["WebUrl"]["Value"] == own
    assert dev.function("gallery")["Environment"]["Variables"]["WEB_URL"] == own
    assert dev.function("generations")["Environment"]["Variables"]["DELIVERY_KEY_SECRET"] == "veil-dev/delivery-key"
    named = synthesize(
        web_domain="veil.example",
        web_certificate=CERTIFICATE.format("us-east-1"),
        api_domain="api.veil.example",
        api_certificate=CERTIFICATE.format("ap-northeast-2"),
    )
    assert named.template["Outputs"]["WebUrl"]["Value"] == "https://veil.example"
    assert config(named)["Aliases"] == ["veil.example"]
    assert config(named)["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE.format("us-east-1"),
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert named.template["Outputs"]["ApiUrl"]["Value"] == "https://api.veil.example"
    assert named.function("webhook")["Environment"]["Variables"]["WEBHOOK_URL"] == "https://api.veil.example"
    mapping = named.only("AWS::ApiGatewayV2::ApiMapping")
    assert mapping["DomainName"] == {"Ref": next(iter(named.of_type("AWS::ApiGatewayV2::DomainName")))}
    assert "ApiDomainTarget" in named.template["Outputs"]


def test_a_local_api_is_asked_as_it_is(synthesize: Synthesize) -> None:
    local = origin(synthesize(api_origin="http://127.0.0.1:8788"), "/api/*")
    assert local["DomainName"] == "127.0.0.1"
    assert local["CustomOriginConfig"]["HTTPPort"] == 8788
    assert local["CustomOriginConfig"]["OriginProtocolPolicy"] == "http-only"


def test_the_keys_are_made_before_the_edge_and_rotated_by_their_number(
    dev: Synthesized, synthesize: Synthesize
) -> None:
    keys = dev.only("Custom::DeliveryKeys")
    assert keys["Number"] == 1
    (function,) = [name for name, each in dev.of_type("AWS::Lambda::Function").items() if each == dev.function("keys")]
    assert keys["ServiceToken"] == {"Fn::GetAtt": [function, "Arn"]}
    assert synthesize(delivery_key="2").only("Custom::DeliveryKeys")["Number"] == 2
    secret = dev.named("AWS::SecretsManager::Secret", "SecretsDeliveryKey")
    assert "GenerateSecretString" not in secret  # it would be the value before the first key, and not be one


def test_production_keeps_the_edge_with_all_that_it_names(prod: Synthesized, dev: Synthesized) -> None:
    for synthesized, expected in ((dev, "Delete"), (prod, "RetainExceptOnCreate")):
        for name, resource in synthesized.template["Resources"].items():
            if name.startswith(("Edge", "Delivery")):
                assert resource["DeletionPolicy"] == expected, name


def test_an_auditor_may_look_at_objects_and_do_nothing_else(dev: Synthesized) -> None:
    (role,) = _roles(dev, "auditor")
    (policy,) = [each for each in dev.of_type("AWS::IAM::Policy").values() if each["Roles"] == [{"Ref": role}]]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Effect"], len(statement["Resource"])) == ("s3:GetObject", "Allow", 3)
    (trust,) = dev.of_type("AWS::IAM::Role")[role]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"]["AWS"]["Fn::Join"][1][-1] == ":root"  # the account: its own policies say who
