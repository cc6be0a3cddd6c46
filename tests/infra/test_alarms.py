"""A person is woken when it matters, and told in the morning of what can wait."""

from typing import Any

import pytest

from proofs.cost.standing import UNCOUNTED_ALARM_METRICS
from tests.infra.synthesized import Synthesized


def _alarms(stack: Synthesized) -> dict[str, dict[str, Any]]:
    alarms = stack.of_type("AWS::CloudWatch::Alarm").values()
    return {alarm["AlarmName"].partition("-")[2].partition("-")[2]: alarm for alarm in alarms}


NIGHT = {
    *("provider-spend-hour", "provider-spend-day", "orders-in-review"),
    *("face-service-refused", "provider-refused", "callbacks-refused"),
    *("oldest-work", "sweeper-silent", "sweeper-errors", "redrive-queue"),
    *("requests-failed", "refunds", "outputs-unlike"),
}
MORNING = {
    *("payments-without-order", "money-refunds-refused", "unsettled-orders", "payment-provider-refused"),
    *("charges-declined", "money-redrive-queue"),
    *("rate-limiter-fallback", "matcher-failures", "outputs-unchecked", "welcomes-put-off"),
    *("eraser-redrive-queue", "notify-redrive-queue", "poll-redrive-queue", "unfinished-erasures"),
}


def test_which_alarms_there_are(dev: Synthesized) -> None:
    assert _alarms(dev).keys() == NIGHT | MORNING


@pytest.mark.parametrize(("topic", "names"), [("AlarmsTopic", NIGHT), ("AlarmsMorningTopic", MORNING)])
def test_an_alarm_reaches_those_whom_it_concerns(dev: Synthesized, topic: str, names: set[str]) -> None:
    reached = {}
    for name, alarm in _alarms(dev).items():
        (action,) = alarm["AlarmActions"]
        reached[name] = action["Ref"]
    assert {name for name, topics in reached.items() if topics.startswith(topic)} == names
    assert len(set(reached.values())) == 2


def _told(stack: Synthesized) -> dict[str, str]:
    """The addresses, by the topic."""
    subscribed = stack.of_type("AWS::SNS::Subscription").values()
    assert all(one["Protocol"] == "email" for one in subscribed)
    return {one["TopicArn"]["Ref"].rstrip("0123456789ABCDEF"): one["Endpoint"] for one in subscribed}


def test_the_email_address_hears_of_them(dev: Synthesized, prod: Synthesized) -> None:
    assert _told(prod) == {"AlarmsTopic": "ops@veil.example", "AlarmsMorningTopic": "ops@veil.example"}
    assert not _told(dev)


def test_who_is_told_in_the_morning_may_be_another(watched: Synthesized) -> None:
    assert _told(watched) == {"AlarmsTopic": "night@veil.example", "AlarmsMorningTopic": "day@veil.example"}


def test_the_text_of_an_alarm_ends_with_its_page(dev: Synthesized, watched: Synthesized) -> None:
    for name, alarm in _alarms(dev).items():
        assert alarm["AlarmDescription"].endswith(f". docs/runbooks/{name}.md")
    for name, alarm in _alarms(watched).items():
        assert alarm["AlarmDescription"].endswith(f". https://wiki.veil.example/runbooks/{name}.md")


def test_what_may_be_spent_is_chosen(dev: Synthesized, watched: Synthesized) -> None:
    for stack, hourly, daily in ((dev, 20, 100), (watched, 7.5, 30)):
        spent = [_alarms(stack)[f"provider-spend-{period}"] for period in ("hour", "day")]
        assert [one["Threshold"] for one in spent] == [hourly, daily]
        assert [(one["MetricName"], one["Statistic"], one["Period"]) for one in spent] == [
            ("ProviderCost", "Sum", 3_600),
            ("ProviderCost", "Sum", 86_400),
        ]
        assert f"USD {hourly:g} or more went to" in spent[0]["AlarmDescription"]


def test_a_cloud_without_metric_math_has_all_that_are_on_one_metric(without: Synthesized) -> None:
    shares = {"requests-failed", "refunds", "outputs-unlike", "charges-declined"}
    assert _alarms(without).keys() == (NIGHT | MORNING) - shares
    assert all("Metrics" not in alarm for alarm in _alarms(without).values())


def test_what_the_local_cloud_does_not_count_is_priced(dev: Synthesized) -> None:
    """`make cost` reads the local template, which lacks them."""
    of_shares = [alarm["Metrics"] for alarm in _alarms(dev).values() if "Metrics" in alarm]
    assert sum("MetricStat" in metric for metrics in of_shares for metric in metrics) == UNCOUNTED_ALARM_METRICS


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("face-service-refused", "azure-face-key"),
        ("provider-refused", "replicate-token"),
        ("provider-refused", "comfy-token"),
        ("callbacks-refused", "webhook-signing-secret"),
        ("rate-limiter-fallback", "upstash-token"),
        ("payment-provider-refused", "toss-payments-key"),
        ("payment-provider-refused", "toss-billing-key"),
    ],
)
def test_an_alarm_names_the_secret_that_may_be_wrong(prod: Synthesized, name: str, secret: str) -> None:
    assert f"veil-prod/{secret}" in _alarms(prod)[name]["AlarmDescription"]


def test_alarms_may_publish_to_the_topics(dev: Synthesized) -> None:
    """A policy that is attached to a topic takes the place of its own, which allowed that."""
    topics = dev.of_type("AWS::SNS::Topic")
    policies = dev.of_type("AWS::SNS::TopicPolicy").values()
    assert {policy["Topics"][0]["Ref"] for policy in policies} == topics.keys()
    for policy in policies:
        allowed = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"]
        assert [(one["Action"], one["Principal"], one["Resource"]) for one in allowed] == [
            ("sns:Publish", {"Service": "cloudwatch.amazonaws.com"}, policy["Topics"][0])
        ]
        assert allowed[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@pytest.mark.parametrize(
    ("name", "metric", "statistic", "threshold"),
    [
        ("face-service-refused", "FaceServiceRefused", "Sum", 1),
        ("provider-refused", "ProviderRefused", "Sum", 5),
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


def _share(alarm: dict[str, Any]) -> tuple[str, dict[str, dict[str, Any]]]:
    """Its expression, and the metrics in it, by the name that they have there."""
    parts = {metric["Id"]: metric for metric in alarm["Metrics"]}
    (expression,) = [metric["Expression"] for metric in parts.values() if "Expression" in metric]
    return expression, {name: part["MetricStat"]["Metric"] for name, part in parts.items() if "MetricStat" in part}


def test_failed_requests_are_a_share_of_all_at_the_gateway(dev: Synthesized) -> None:
    """From five on, however few the requests are."""
    expression, metrics = _share(_alarms(dev)["requests-failed"])
    assert expression == "IF(FILL(failed, 0) >= 5, 100 * FILL(failed, 0) / requests, 0)"
    assert {name: one["MetricName"] for name, one in metrics.items()} == {"failed": "5xx", "requests": "Count"}
    (api,) = dev.of_type("AWS::ApiGatewayV2::Api")
    for metric in metrics.values():
        assert (metric["Namespace"], metric["Dimensions"]) == (
            "AWS/ApiGateway",
            [{"Name": "ApiId", "Value": {"Ref": api}}],
        )


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


@pytest.mark.parametrize("name", ["redrive-queue", "money-redrive-queue", "eraser-redrive-queue", "poll-redrive-queue"])
def test_redrive_queue(dev: Synthesized, name: str) -> None:
    alarm = _alarms(dev)[name]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    queue = dev.of_type("AWS::SQS::Queue")[alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]]
    assert "RedrivePolicy" not in queue


@pytest.mark.parametrize(
    ("name", "named", "fewest", "threshold"),
    [
        ("refunds", {"refunded": "CreditsRefunded", "reserved": "CreditsReserved"}, 20, 20),
        ("outputs-unlike", {"unlike": "OutputsUnlike", "compared": "OutputsCompared"}, 40, 30),
        ("charges-declined", {"declined": "ChargesDeclined", "tried": "ChargesTried"}, 10, 30),
    ],
)
def test_a_share_of_many(dev: Synthesized, name: str, named: dict[str, str], fewest: int, threshold: int) -> None:
    alarm = _alarms(dev)[name]
    expression, metrics = _share(alarm)
    part, whole = named
    assert expression == f"IF(FILL({whole}, 0) >= {fewest}, 100 * FILL({part}, 0) / {whole}, 0)"
    assert {called: one["MetricName"] for called, one in metrics.items()} == named
    assert alarm["Threshold"] == threshold
