"""One machine, into which nothing leads but the functions' requests, that comes and goes by the hours."""

import json
from typing import Any

import pytest

import app as cdk_app

# isort: split
from aws_cdk import App
from aws_cdk.aws_sns import CfnSubscription

from infra import bundling
from infra.context import Context, ContextError
from infra.own_model.front import ROUTES
from infra.own_model.machine_group import DRAIN_SECONDS
from infra.own_model.pins import Pins
from tests.infra.own_model.conftest import Make
from tests.infra.synthesized import Synthesize, Synthesized

GIVEN = {"upstash_url": "https://limits.example", "azure_face_url": "https://face.example"}


def launched(own: Synthesized) -> dict[str, Any]:
    return dict(own.only("AWS::EC2::LaunchTemplate")["LaunchTemplateData"])


def test_aws_solutions_is_clean(own: Synthesized) -> None:
    assert own.report["pluginReports"] == []


def test_nothing_leads_in_but_the_link(own: Synthesized) -> None:
    groups = own.of_type("AWS::EC2::SecurityGroup")
    assert not any("SecurityGroupIngress" in group for group in groups.values())
    rule = own.only("AWS::EC2::SecurityGroupIngress")
    assert (rule["FromPort"], rule["ToPort"], "CidrIp" in rule) == (8189, 8189, False)
    assert rule["SourceSecurityGroupId"]["Fn::GetAtt"][0].startswith("NetworkLink")
    assert rule["GroupId"]["Fn::GetAtt"][0].startswith("NetworkMachine")
    assert not own.of_type("AWS::EC2::NatGateway")
    (link,) = own.only("AWS::ApiGatewayV2::VpcLink")["SecurityGroupIds"]
    assert link == rule["SourceSecurityGroupId"]


def test_it_reaches_out_by_https_alone(own: Synthesized) -> None:
    groups = own.of_type("AWS::EC2::SecurityGroup")
    (machine,) = [group for name, group in groups.items() if name.startswith("NetworkMachine")]
    (out,) = machine["SecurityGroupEgress"]
    assert (out["FromPort"], out["ToPort"], out["IpProtocol"]) == (443, 443, "tcp")


def test_the_machine(own: Synthesized) -> None:
    data = launched(own)
    assert data["InstanceType"] == "g6.xlarge"
    assert data["MetadataOptions"] == {
        "HttpPutResponseHopLimit": 1,
        "HttpTokens": "required",
        "InstanceMetadataTags": "disabled",
    }
    assert "KeyName" not in data
    (disk,) = data["BlockDeviceMappings"]
    assert disk["Ebs"]["Encrypted"]
    weights = sum(weight.bytes for weight in Pins.read().weights)
    assert disk["Ebs"]["VolumeSize"] * 10**9 > weights + 50 * 10**9


def test_what_its_role_may(own: Synthesized) -> None:
    """Its own files and its own token, by their whole names but for the end that AWS gives a secret."""
    role = own.named("AWS::IAM::Policy", "MachineRole")
    allowed = {
        action: (json.dumps(statement["Resource"]), statement.get("Condition"))
        for statement in role["PolicyDocument"]["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert "veil-dev/comfy-token-??????" in allowed.pop("secretsmanager:GetSecretValue")[0]
    assert ".zip" in (files := allowed.pop("s3:GetObject")[0])
    assert "*" not in files
    for action in ("RegisterInstance", "DeregisterInstance", "GetInstance"):
        assert "FrontNamespaceService" in allowed.pop(f"servicediscovery:{action}")[0]
    told = allowed.pop("cloudwatch:PutMetricData")
    assert told == ('"*"', {"StringEquals": {"cloudwatch:namespace": "Veil"}})
    assert {action.partition(":")[0] for action in allowed} == {"ssm", "ssmmessages"}
    assert not any(action.startswith("ssm:Get") for action in allowed)
    for each in own.of_type("AWS::IAM::Role").values():
        assert "ManagedPolicyArns" not in each


def test_spot_or_on_demand(own: Synthesized, make: Make) -> None:
    market = launched(own)["InstanceMarketOptions"]
    assert (market["MarketType"], market["SpotOptions"]["SpotInstanceType"]) == ("spot", "one-time")
    always = make(False, None, None)
    assert "InstanceMarketOptions" not in launched(always)
    group = always.only("AWS::AutoScaling::AutoScalingGroup")
    assert (group["MinSize"], group["MaxSize"]) == ("1", "1")
    assert not always.of_type("AWS::AutoScaling::ScheduledAction")
    assert not always.of_type("AWS::SNS::Subscription")


def test_it_comes_and_goes_by_the_hours_of_seoul(own: Synthesized) -> None:
    """A day may end after midnight. Outside of it nothing starts it again."""
    found = own.of_type("AWS::AutoScaling::ScheduledAction").values()
    machines = {each["Recurrence"]: (each["MinSize"], each["MaxSize"], each["DesiredCapacity"]) for each in found}
    assert machines == {"0 9 * * *": (1, 1, 1), "0 1 * * *": (0, 0, 0)}
    assert {each["TimeZone"] for each in found} == {"Asia/Seoul"}
    assert own.only("AWS::AutoScaling::AutoScalingGroup")["MinSize"] == "0"


def test_the_way_out_is_there_for_as_long_as_a_machine_is(own: Synthesized) -> None:
    """What ends has to take itself off Cloud Map's list, which can't be deleted before; so the stack's deletion ends
    the group first, the routes to the internet then.
    """
    (group,) = [
        each for each in own.template["Resources"].values() if each["Type"] == "AWS::AutoScaling::AutoScalingGroup"
    ]
    routes = {name for name, route in own.of_type("AWS::EC2::Route").items() if "GatewayId" in route}
    assert len(routes) == 2
    assert routes <= set(group.get("DependsOn", ()))


def test_it_has_time_to_end_what_it_has(own: Synthesized) -> None:
    hook = own.only("AWS::AutoScaling::LifecycleHook")
    assert hook["LifecycleTransition"] == "autoscaling:EC2_INSTANCE_TERMINATING"
    assert (hook["HeartbeatTimeout"], hook["DefaultResult"]) == (DRAIN_SECONDS, "CONTINUE")


def test_the_api_has_what_the_functions_ask_for_and_no_more(own: Synthesized) -> None:
    keys = {route["RouteKey"] for route in own.of_type("AWS::ApiGatewayV2::Route").values()}
    assert keys == {f"{method} {path}" for method, path in ROUTES}
    assert not any("{proxy+}" in key or key == "$default" for key in keys)
    integration = own.only("AWS::ApiGatewayV2::Integration")
    assert (integration["IntegrationType"], integration["ConnectionType"]) == ("HTTP_PROXY", "VPC_LINK")
    stage = own.only("AWS::ApiGatewayV2::Stage")
    assert "path" not in json.loads(stage["AccessLogSettings"]["Format"])
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 20


def test_the_alarm_rings_by_day_alone(own: Synthesized) -> None:
    alarm = own.only("AWS::CloudWatch::Alarm")
    assert alarm["AlarmName"] == "veil-dev-own-model-down"
    metrics = {one["Id"]: one for one in alarm["Metrics"]}
    (expression,) = [one["Expression"] for one in metrics.values() if "Expression" in one]
    assert expression == "IF(FILL(wanted, 0) > 0 AND FILL(up, 0) < 1, 1, 0)"
    assert metrics["up"]["MetricStat"]["Metric"]["MetricName"] == "OwnModelUp"
    wanted = metrics["wanted"]["MetricStat"]["Metric"]
    assert (wanted["Namespace"], wanted["MetricName"]) == ("AWS/AutoScaling", "GroupDesiredCapacity")
    group = own.only("AWS::AutoScaling::AutoScalingGroup")
    assert group["MetricsCollection"] == [{"Granularity": "1Minute", "Metrics": ["GroupDesiredCapacity"]}]
    (page,) = [word for word in alarm["AlarmDescription"].split() if word.endswith(".md")]
    assert (bundling.ROOT / page).is_file()
    (topic,) = own.of_type("AWS::SNS::Topic")
    assert alarm["AlarmActions"] == [{"Ref": topic}]
    assert own.only("AWS::SNS::Subscription")["Endpoint"] == "ops@veil.example"


def test_who_the_machine_is_told_that_it_is(own: Synthesized) -> None:
    told = json.dumps(launched(own)["UserData"])
    for part in (
        "STAGE=dev",
        "TOKEN_SECRET=veil-dev/comfy-token",
        "SERVICE_ID=",
        "PUBLIC_URL=",
        "PORT=8189",
        "HOST=$host",
    ):
        assert part in told
    assert len(told) < 16_000
    assert own.template["Outputs"]["ComfyUrl"]["Value"]["Fn::GetAtt"][0].startswith("FrontApi")


def test_a_stage_has_one_only_if_it_says_so(synthesize: Synthesize) -> None:
    """``synthesize`` is asked for since it keeps layers from being built."""
    without, with_one = (
        App(analytics_reporting=False, context={**GIVEN, **more}) for more in ({}, {"own_model": "spot"})
    )
    for app in (without, with_one):
        cdk_app.build(app)
    assert not without.node.try_find_child("veil-dev-own-model")
    assert with_one.node.try_find_child("veil-dev-own-model")


@pytest.mark.parametrize(
    ("told", "email"),
    [
        ({"alarm_email": "now@veil.example", "morning_email": "morning@veil.example"}, "morning@veil.example"),
        ({"alarm_email": "now@veil.example"}, "now@veil.example"),
    ],
)
def test_its_alarm_can_wait_until_morning(synthesize: Synthesize, told: dict[str, str], email: str) -> None:
    app = App(analytics_reporting=False, context={**GIVEN, "own_model": "spot", **told})
    cdk_app.build(app)
    own = app.node.find_child("veil-dev-own-model").node.find_all()
    assert [each.endpoint for each in own if isinstance(each, CfnSubscription)] == [email]


@pytest.mark.parametrize(
    ("hours", "between"), [("9-1", (9, 1)), ("09-24", (9, 24)), ("0-12", (0, 12)), ("always", None)]
)
def test_the_hours(hours: str, between: tuple[int, int] | None) -> None:
    assert Context.of({"own_model": "spot", "own_model_hours": hours}).own_model_between == between


@pytest.mark.parametrize(
    "wrong",
    [{"own_model_hours": "9-9"}, {"own_model_hours": "0-24"}, {"own_model_hours": "9-25"}, {"own_model": "yes"}],
)
def test_what_is_no_choice(wrong: dict[str, str]) -> None:
    with pytest.raises(ContextError, match="own_model"):
        Context.of({"own_model": "spot", **wrong})
