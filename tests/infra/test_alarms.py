"""A person is called when it matters, and every alarm reaches the topic."""

from typing import Any

import pytest

from infra.function_table import FUNCTIONS
from tests.infra.synthesized import Synthesized


def _alarms(stack: Synthesized) -> dict[str, dict[str, Any]]:
    alarms = stack.of_type("AWS::CloudWatch::Alarm").values()
    return {alarm["AlarmName"].partition("-")[2].partition("-")[2]: alarm for alarm in alarms}


def test_which_alarms_there_are(dev: Synthesized) -> None:
    per_function = {f"{name}-{metric}" for name in FUNCTIONS if name != "keys" for metric in ("errors", "throttles")}
    others = {
        *("redrive-queue", "face-service-refused", "provider-refused", "refunds", "sweeper-silent", "oldest-work"),
        *("requests-failed", "gateway-5xx", "callbacks-refused", "rate-limiter-fallback"),
        *("money-redrive-queue", "orders-in-review", "payments-without-order", "unsettled-orders"),
        *("matcher-failures", "outputs-unchecked", "outputs-unlike"),
        *("eraser-redrive-queue", "poll-redrive-queue", "unfinished-erasures"),
        *("payment-provider-refused", "money-refunds-refused", "charges-declined"),
        "welcomes-put-off",
    }
    assert _alarms(dev).keys() == per_function | others


def test_every_alarm_reaches_the_topic(dev: Synthesized) -> None:
    (topic,) = dev.of_type("AWS::SNS::Topic")
    assert all(alarm["AlarmActions"] == [{"Ref": topic}] for alarm in _alarms(dev).values())


def test_the_email_address_hears_of_them(dev: Synthesized, prod: Synthesized) -> None:
    subscription = prod.only("AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@veil.example")
    assert not dev.of_type("AWS::SNS::Subscription")


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("face-service-refused", "azure-face-key"),
        ("provider-refused", "replicate-token"),
        ("callbacks-refused", "webhook-signing-secret"),
        ("rate-limiter-fallback", "upstash-token"),
        ("payment-provider-refused", "toss-payments-key"),
        ("payment-provider-refused", "toss-billing-key"),
    ],
)
def test_an_alarm_names_the_secret_that_may_be_wrong(prod: Synthesized, name: str, secret: str) -> None:
    assert f"veil-prod/{secret}" in _alarms(prod)[name]["AlarmDescription"]


def test_alarms_may_publish_to_the_topic(dev: Synthesized) -> None:
    """A policy that is attached to a topic takes the place of its own, which allowed that."""
    (topic,) = dev.of_type("AWS::SNS::Topic")
    policy = dev.only("AWS::SNS::TopicPolicy")
    assert policy["Topics"] == [{"Ref": topic}]
    allowed = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"]
    assert [(one["Action"], one["Principal"], one["Resource"]) for one in allowed] == [
        ("sns:Publish", {"Service": "cloudwatch.amazonaws.com"}, {"Ref": topic})
    ]
    assert allowed[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@pytest.mark.parametrize(
    ("name", "metric", "statistic", "threshold"),
    [
        ("face-service-refused", "FaceServiceRefused", "Sum", 1),
        ("provider-refused", "ProviderRefused", "Sum", 1),
        ("requests-failed", "RequestsFailed", "Sum", 5),
        ("callbacks-refused", "CallbacksRefused", "Sum", 5),
        ("rate-limiter-fallback", "RateLimiterFallbacks", "Sum", 5),
        ("oldest-work", "OldestWorkSeconds", "Maximum", 1),
        ("orders-in-review", "OrdersInReview", "Sum", 1),
        ("payments-without-order", "PaymentsWithoutOrder", "Sum", 1),
        ("unsettled-orders", "UnsettledOrderSeconds", "Maximum", 900),
        ("payment-provider-refused", "PaymentProviderRefused", "Sum", 5),
        ("money-refunds-refused", "MoneyRefundsRefused", "Sum", 1),
    ],
)
def test_metrics_of_ours(dev: Synthesized, name: str, metric: str, statistic: str, threshold: int) -> None:
    alarm = _alarms(dev)[name]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("Veil", metric, statistic)
    assert {d["Name"]: d["Value"] for d in alarm["Dimensions"]} == {"stage": "dev"}
    assert alarm["Threshold"] == threshold


def test_the_gateways_own_failures(dev: Synthesized) -> None:
    alarm = _alarms(dev)["gateway-5xx"]
    (api,) = dev.of_type("AWS::ApiGatewayV2::Api")
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "5xx")
    assert alarm["Dimensions"] == [{"Name": "ApiId", "Value": {"Ref": api}}]


def test_a_silent_sweeper_is_an_alarm_even_without_data(dev: Synthesized) -> None:
    alarms = _alarms(dev)
    silent = alarms.pop("sweeper-silent")
    assert (silent["Namespace"], silent["MetricName"], silent["Threshold"]) == ("AWS/Lambda", "Invocations", 1)
    (dimension,) = silent["Dimensions"]
    assert dev.of_type("AWS::Lambda::Function")[dimension["Value"]["Ref"]] == dev.function("sweeper")
    assert silent["ComparisonOperator"] == "LessThanThreshold"
    assert silent["TreatMissingData"] == "breaching"
    assert silent["EvaluationPeriods"] == 3
    assert {alarm["TreatMissingData"] for alarm in alarms.values()} == {"notBreaching"}


@pytest.mark.parametrize("name", ["redrive-queue", "money-redrive-queue", "poll-redrive-queue"])
def test_redrive_queue(dev: Synthesized, name: str) -> None:
    alarm = _alarms(dev)[name]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    queue = dev.of_type("AWS::SQS::Queue")[alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]]
    assert "RedrivePolicy" not in queue


def test_refunds_are_a_share_of_the_reserved_credits(dev: Synthesized) -> None:
    alarm = _alarms(dev)["refunds"]
    parts = {metric["Id"]: metric for metric in alarm["Metrics"]}
    (expression,) = [metric["Expression"] for metric in parts.values() if "Expression" in metric]
    assert "100 * FILL(refunded, 0) / reserved" in expression
    names = {name: part["MetricStat"]["Metric"]["MetricName"] for name, part in parts.items() if "MetricStat" in part}
    assert names == {"reserved": "CreditsReserved", "refunded": "CreditsRefunded"}


def test_declined_charges_are_a_share_of_those_tried(dev: Synthesized) -> None:
    alarm = _alarms(dev)["charges-declined"]
    names = {part["MetricStat"]["Metric"]["MetricName"] for part in alarm["Metrics"] if "MetricStat" in part}
    assert names == {"ChargesTried", "ChargesDeclined"}
    assert alarm["Threshold"] == 30
