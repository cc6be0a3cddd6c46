"""The alarms: each says when a person has to look. All of them go to one topic."""

from collections.abc import Mapping

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.functions import METRICS_NAMESPACE, Function
from infra.times import ERASER_RECEIVES, MAX_RECEIVES, MONEY_RECEIVES, POLL_RECEIVES

MINUTES = Duration.minutes
AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
MISSING_IS_FINE = cloudwatch.TreatMissingData.NOT_BREACHING
FEW = 5  # in five minutes: one or two come by chance, or from strangers
REFUNDED_PERCENT = 20  # of the credits reserved in an hour
UNSETTLED_SECONDS = 900
ERASED_WITHIN_SECONDS = 24 * 3600
DECLINED_PERCENT = 30  # of the plan's charges in a day
FEWEST_CHARGES = 10  # in a day; of fewer, a share means nothing
UNLIKE_PERCENT = 30  # of the outputs compared in a day
FEWEST_COMPARED = 40  # in a day; of fewer, a share means nothing
FEWEST_RESERVED = 20  # credits in an hour; of fewer, a share means nothing


class Alarms(Construct):
    """The alarms of one deployment."""

    def __init__(
        self, scope: Construct, name: str, *, stage: str, functions: Mapping[str, Function], api_id: str,
        secrets: Mapping[str, str], redrive: sqs.Queue, money_redrive: sqs.Queue, eraser_redrive: sqs.Queue,
        poll_redrive: sqs.Queue, email: str | None, metric_math: bool,
    ) -> None:  # fmt: skip
        """``secrets``: their names, by the settings field. ``metric_math``: false leaves out the alarm on a share of
        two metrics, which the local cloud lacks.
        """
        super().__init__(scope, name)
        self._stage = stage
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        self.topic.add_to_resource_policy(_cloudwatch_publishes(self.topic))
        if email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        for service, function in functions.items():
            metrics = {"errors": function.lambda_.metric_errors, "throttles": function.lambda_.metric_throttles}
            for metric, measure in metrics.items():
                counted = measure(period=MINUTES(5), statistic="Sum")
                self._alarm(f"{service}-{metric}", counted, f"The {service} function has {metric}.")
        self._alarm(
            "redrive-queue",
            redrive.metric_approximate_number_of_messages_visible(period=MINUTES(1), statistic="Maximum"),
            f"Photos could not be checked in {MAX_RECEIVES} tries; their messages wait in the redrive queue.",
        )
        self._alarm(
            "money-redrive-queue",
            money_redrive.metric_approximate_number_of_messages_visible(period=MINUTES(1), statistic="Maximum"),
            f"The charger failed at a message in {MONEY_RECEIVES} tries; it waits in the redrive queue.",
        )
        self._alarm(
            "eraser-redrive-queue",
            eraser_redrive.metric_approximate_number_of_messages_visible(period=MINUTES(1), statistic="Maximum"),
            f"The eraser failed at a message in {ERASER_RECEIVES} tries; it waits in the redrive queue.",
        )
        self._alarm(
            "poll-redrive-queue",
            poll_redrive.metric_approximate_number_of_messages_visible(period=MINUTES(1), statistic="Maximum"),
            f"The poll failed at a message in {POLL_RECEIVES} tries; it waits in the redrive queue.",
        )
        self._alarm(
            "unfinished-erasures",
            self._own("ErasureSeconds", "Maximum"),
            "Somebody left a day ago and is not erased: the eraser fails, or money of theirs is still on its way.",
            threshold=ERASED_WITHIN_SECONDS,
        )
        self._alarm(
            "orders-in-review",
            self._sum("OrdersInReview"),
            "Money was taken that is not its order's: another amount, currency or merchant. No credits were given; "
            "look the order up, and cancel the payment in Toss's console.",
        )
        self._alarm(
            "payments-without-order",
            self._sum("PaymentsWithoutOrder"),
            "Toss tells of a payment whose order we do not know: a backup lost it, or another shop has our keys.",
        )
        self._alarm(
            "unsettled-orders",
            self._own("UnsettledOrderSeconds", "Maximum"),
            "An order, a charge or a refund has waited for its outcome for more than 15 minutes: Toss does not answer.",
            threshold=UNSETTLED_SECONDS,
        )
        self._alarm(
            "payment-provider-refused",
            self._sum("PaymentProviderRefused"),
            "Toss says that our keys or our requests are wrong: a wrong key in "
            f"{secrets['toss_payments_key_secret']} or {secrets['toss_billing_key_secret']}, or no contract there.",
            threshold=FEW,
        )
        self._alarm(
            "money-refunds-refused",
            self._sum("MoneyRefundsRefused"),
            "Toss will not give a customer's money back; their credits are theirs again. Talk to them, and to Toss.",
        )
        self._alarm(
            "face-service-refused",
            self._sum("FaceServiceRefused"),
            f"Azure Face does not accept our key, {secrets['azure_face_key_secret']}; no photo is checked.",
        )
        self._alarm(
            "provider-refused",
            self._sum("ProviderRefused"),
            "A provider of images refuses, and trying again does not help: no credit there, a wrong input, or a wrong "
            f"token in {secrets['replicate_token_secret']} or {secrets['comfy_token_secret']}. Look for "
            "'prediction refused' in the logs, which names it.",
        )
        self._alarm(
            "matcher-failures",
            self._sum("MatcherFailures"),
            "Rekognition does not compare faces: it is down, throttles us (ask for a higher quota of CompareFaces), or "
            "a role lost its right. Images wait for it up to the deadline.",
            threshold=FEW,
        )
        self._alarm(
            "outputs-unchecked",
            self._sum("OutputsUnchecked"),
            "Images were stored that nobody compared with their photo, though their user agreed to it: look for "
            "'likeness not checked' in the logs of webhook and sweeper, which says why.",
            threshold=FEW,
        )
        self._alarm(
            "requests-failed",
            self._sum("RequestsFailed"),
            "The API answered 500 or 503: look for 'unexpected error' and 'unavailable' in the functions' logs.",
            threshold=FEW,
        )
        self._alarm(
            "gateway-5xx",
            cloudwatch.Metric(
                namespace="AWS/ApiGateway",
                metric_name="5xx",
                dimensions_map={"ApiId": api_id},
                statistic="Sum",
                period=MINUTES(5),
            ),
            "Requests ended with a 5xx at the gateway: a function that died, took too long or could not be called.",
            threshold=FEW,
        )
        self._alarm(
            "callbacks-refused",
            self._sum("CallbacksRefused"),
            "Callbacks have no valid signature: a stranger's, or our signing secret is wrong or was forgotten, "
            f"{secrets['webhook_signing_secret']}; Toss's have {secrets['toss_webhook_key_secret']} in their path. "
            "Generations and orders still end, by the sweep, minutes late.",
            threshold=FEW,
        )
        self._alarm(
            "welcomes-put-off",
            self._sum("WelcomesPutOff", Duration.days(1)),  # one mail a day, not one a newcomer
            "The day's budget for newcomers' welcome credits is spent: more of them come than it was made for, or one "
            "person opens many accounts. They get theirs on a later day. Raise WELCOME_BUDGET_CREDITS_PER_DAY, or look "
            "at who signs up.",
        )
        self._alarm(
            "rate-limiter-fallback",
            self._sum("RateLimiterFallbacks"),
            "Upstash Redis does not answer, or its token is wrong or was forgotten, "
            f"{secrets['upstash_token_secret']}; DynamoDB counts instead.",
            threshold=FEW,
        )
        self._alarm(
            "oldest-work",
            self._own("OldestWorkSeconds", "Maximum"),
            "The sweep is more than ten minutes behind: credits stay held. It fails, or there is too much of it.",
        )
        self._alarm(
            "sweeper-silent",
            functions["sweeper"].lambda_.metric_invocations(period=MINUTES(5), statistic="Sum"),
            "The sweeper has not run for a quarter of an hour; credits may stay held.",
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing=cloudwatch.TreatMissingData.BREACHING,
            periods=3,  # a first deployment makes the alarm minutes before the timer
        )
        if metric_math:
            self._alarm(
                "refunds",
                self._share("Credits", "refunded", "reserved", FEWEST_RESERVED, Duration.hours(1)),
                f"Of the credits reserved in an hour, {REFUNDED_PERCENT} % or more were refunded.",
                threshold=REFUNDED_PERCENT,
            )
            self._alarm(
                "outputs-unlike",
                self._share("Outputs", "unlike", "compared", FEWEST_COMPARED, Duration.days(1)),
                f"Of the images compared in a day, {UNLIKE_PERCENT} % or more showed somebody else: another model, or "
                "another LIKENESS_MIN. Each of them costs a prediction more.",
                threshold=UNLIKE_PERCENT,
            )
            self._alarm(
                "charges-declined",
                self._share("Charges", "declined", "tried", FEWEST_CHARGES, Duration.days(1)),
                f"Of the plan's charges in a day, {DECLINED_PERCENT} % or more were declined.",
                threshold=DECLINED_PERCENT,
            )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        description: str,
        *,
        threshold: float = 1,
        comparison: cloudwatch.ComparisonOperator = AT_LEAST,
        missing: cloudwatch.TreatMissingData = MISSING_IS_FINE,
        periods: int = 1,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name.title().replace("-", ""),
            alarm_name=f"veil-{self._stage}-{name}",
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=comparison,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))

    def _sum(self, metric: str, period: Duration | None = None) -> cloudwatch.Metric:
        return self._own(metric, "Sum", period)

    def _own(self, metric: str, statistic: str, period: Duration | None = None) -> cloudwatch.Metric:
        """One of our own metrics, over all functions that report it."""
        return cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name=metric,
            dimensions_map={"stage": self._stage},
            statistic=statistic,
            period=period or MINUTES(5),
        )

    def _share(self, what: str, part: str, whole: str, fewest: int, period: Duration) -> cloudwatch.MathExpression:
        """``part`` of ``what`` as a percentage of its ``whole``, in a period; 0 if there were fewer than ``fewest``."""
        return cloudwatch.MathExpression(
            expression=f"IF(FILL({whole}, 0) >= {fewest}, 100 * FILL({part}, 0) / {whole}, 0)",
            using_metrics={name: self._sum(f"{what}{name.title()}", period) for name in (whole, part)},
            period=period,
            label=f"{part} share, %",
        )


def _cloudwatch_publishes(topic: sns.Topic) -> iam.PolicyStatement:
    """A topic's own policy lets its account's alarms publish; one that is attached, as for TLS, takes its place."""
    return iam.PolicyStatement(
        actions=["sns:Publish"],
        principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        resources=[topic.topic_arn],
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
    )
