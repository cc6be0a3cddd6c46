"""The alarms: what a person has to know at once, and what can wait until the morning. One topic for each."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.context import Context
from infra.measures import DAY, FIVE_MINUTES, HOUR, Measures, share
from infra.times import (
    DELIVERY_RECEIVES,
    ERASER_RECEIVES,
    MAX_RECEIVES,
    MONEY_RECEIVES,
    NOTIFY_RECEIVES,
    POLL_RECEIVES,
)
from infra.topics import topic

COMPARISON, MISSING = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
REACHED = COMPARISON.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, MISSING.NOT_BREACHING
SILENT = COMPARISON.LESS_THAN_THRESHOLD, MISSING.BREACHING
FEW = 5  # in a period: one or two come by chance, or from strangers
FAILED_SWEEPS = 3  # in an hour: what fails by chance passes at its next date
FAILED_PERCENT = 5  # of the requests in five minutes
REFUNDED_PERCENT, FEWEST_RESERVED = 20, 20  # of the credits reserved in an hour
UNLIKE_PERCENT, FEWEST_COMPARED = 30, 40  # of the outputs compared in a day
DECLINED_PERCENT, FEWEST_CHARGES = 30, 10  # of the plan's charges in a day
UNSETTLED_SECONDS = 900
ERASED_WITHIN_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Watch:
    """When an alarm is raised: ``periods`` in succession reach the threshold; or, where ``silence`` is what is feared,
    they do not, or have no data.
    """

    threshold: float = 1
    periods: int = 1
    silence: bool = False


class Alarms(Construct):
    """The alarms of one deployment, in ``all``. The text of each ends with the address of its page in docs/runbooks/,
    which is named like it.
    """

    def __init__(
        self, scope: Construct, name: str, *, context: Context, measures: Measures, sweeper: lambda_.Function,
        secrets: Mapping[str, str], redrives: Mapping[str, sqs.Queue],
    ) -> None:  # fmt: skip
        """``secrets``: their names, by the settings field; ``redrives``: the queues, by what waits in them. Without the
        context's ``metric_math``, which the local cloud lacks, no alarm is on a share.
        """
        super().__init__(scope, name)
        self._context, self._measures, self._secrets = context, measures, secrets
        self.all: list[cloudwatch.Alarm] = []
        self._night = topic(self, "Topic", context.alarm_email)
        self._morning = topic(self, "MorningTopic", context.morning_email or context.alarm_email)
        self._money()
        self._providers()
        self._people()
        self._work(sweeper)
        self._redrives(redrives)
        if context.metric_math:
            self._shares()

    def at_once(self, name: str, metric: cloudwatch.IMetric, text: str, watch: Watch | None = None) -> None:
        """An alarm that wakes somebody; ``text``: what happened, in a sentence or two."""
        self._alarm(name, metric, text, watch or Watch(), self._night)

    def by_morning(self, name: str, metric: cloudwatch.IMetric, text: str, watch: Watch | None = None) -> None:
        """An alarm on what a person has to do, and can do in the morning."""
        self._alarm(name, metric, text, watch or Watch(), self._morning)

    def _redrives(self, queues: Mapping[str, sqs.Queue]) -> None:
        photos = f"Photos could not be checked in {MAX_RECEIVES} tries."
        self.redrive("redrive-queue", queues["photos"], photos, waits=False)
        failed = "{} failed {} times at a message.".format
        self.redrive("money-redrive-queue", queues["money"], failed("The charger", MONEY_RECEIVES))
        self.redrive("eraser-redrive-queue", queues["erasures"], failed("The eraser", ERASER_RECEIVES))
        self.redrive("poll-redrive-queue", queues["polls"], failed("The poll", POLL_RECEIVES))
        events = (
            f"An event could not be put on the bus in {NOTIFY_RECEIVES} tries, or the server of EVENTS_URL took none "
            f"in {DELIVERY_RECEIVES}, which are a day."
        )
        self.redrive("notify-redrive-queue", queues["events"], events)

    def redrive(self, name: str, queue: sqs.Queue, text: str, *, waits: bool = True) -> None:
        """An alarm on a message in a redrive queue; ``waits``: until the morning."""
        visible = queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1), statistic="Maximum")
        add = self.by_morning if waits else self.at_once
        add(name, visible, f"{text} What failed waits in the redrive queue for two weeks.")

    def _money(self) -> None:
        ours = self._measures.ours
        for name, period, usd in (
            ("hour", HOUR, self._context.spend_hourly_usd),
            ("day", DAY, self._context.spend_daily_usd),
        ):
            text = f"USD {usd:g} or more went to the providers of models in the last {name}, at list prices."
            spent = ours("ProviderCost", period=period)
            self.at_once(f"provider-spend-{name}", spent, text, Watch(threshold=usd))
        text = "Money was taken that is not its order's: another amount, currency or merchant. No credits were given."
        self.at_once("orders-in-review", ours("OrdersInReview"), text)
        text = "Toss tells of a payment whose order we do not know: a backup lost it, or another shop has our keys."
        self.by_morning("payments-without-order", ours("PaymentsWithoutOrder", period=DAY), text)
        text = "Toss will not give a customer's money back. Their credits are theirs again."
        self.by_morning("money-refunds-refused", ours("MoneyRefundsRefused", period=DAY), text)
        text = "An order, a charge or a refund has waited for its outcome for more than 15 minutes."
        waited = ours("UnsettledOrderSeconds", "Maximum", HOUR)
        self.by_morning("unsettled-orders", waited, text, Watch(threshold=UNSETTLED_SECONDS))
        text = (
            "Toss says that our keys or our requests are wrong, so nobody can pay: no contract, or a wrong key in "
            f"{self._secrets['toss_payments_key_secret']} or {self._secrets['toss_billing_key_secret']}."
        )
        refused = ours("PaymentProviderRefused", period=HOUR)
        self.by_morning("payment-provider-refused", refused, text, Watch(threshold=FEW))

    def _providers(self) -> None:
        ours, few = self._measures.ours, Watch(threshold=FEW)
        text = f"Azure Face does not accept our key, {self._secrets['azure_face_key_secret']}: no photo is checked."
        self.at_once("face-service-refused", ours("FaceServiceRefused"), text)
        text = (
            "A provider refuses to start images, and trying again does not help: no credit there, a wrong input, or a "
            f"wrong token in {self._secrets['replicate_token_secret']} or {self._secrets['comfy_token_secret']}."
        )
        self.at_once("provider-refused", ours("ProviderRefused", period=HOUR), text, few)  # one: a single odd input
        text = (
            "Callbacks have no valid signature: a stranger's, or our secret is wrong or was forgotten, "
            f"{self._secrets['webhook_signing_secret']}; Toss's have {self._secrets['toss_webhook_key_secret']} in "
            "their path. Generations and orders still end, by the sweep, minutes late."
        )
        self.at_once("callbacks-refused", ours("CallbacksRefused"), text, few)
        text = (
            "Upstash Redis does not answer, or its token is wrong or was forgotten, "
            f"{self._secrets['upstash_token_secret']}. DynamoDB counts instead."
        )
        self.by_morning("rate-limiter-fallback", ours("RateLimiterFallbacks", period=HOUR), text, few)
        text = "Rekognition does not compare faces: it is down, throttles us, or a role lost its right. Images wait."
        self.by_morning("matcher-failures", ours("MatcherFailures", period=HOUR), text, few)

    def _people(self) -> None:
        ours = self._measures.ours
        text = "Images were stored that nobody compared with their photo, though their user agreed to it."
        self.by_morning("outputs-unchecked", ours("OutputsUnchecked", period=DAY), text, Watch(threshold=FEW))
        text = "Somebody left a day ago and is not erased: the eraser fails, or money of theirs is still on its way."
        since = ours("ErasureSeconds", "Maximum", HOUR)
        self.by_morning("unfinished-erasures", since, text, Watch(threshold=ERASED_WITHIN_SECONDS))
        text = "The day's budget for newcomers' welcome credits is spent. Who comes now gets theirs on a later day."
        self.by_morning("welcomes-put-off", ours("WelcomesPutOff", period=DAY), text)

    def _work(self, sweeper: lambda_.Function) -> None:
        text = "The sweep is more than ten minutes behind, so credits stay held: it fails, or there is too much of it."
        self.at_once("oldest-work", self._measures.ours("OldestWorkSeconds", "Maximum"), text)
        text = "The sweeper has not run for a quarter of an hour. Without it, what lost its callback stays open."
        never = Watch(silence=True, periods=3)  # a first deployment makes the alarm minutes before the timer
        runs = sweeper.metric_invocations(period=FIVE_MINUTES, statistic="Sum")
        self.at_once("sweeper-silent", runs, text, never)
        text = f"The sweep failed at something {FAILED_SWEEPS} times in an hour: a defect, or AWS fails."
        errors = sweeper.metric_errors(period=HOUR, statistic="Sum")
        self.at_once("sweeper-errors", errors, text, Watch(threshold=FAILED_SWEEPS))

    def _shares(self) -> None:
        """What one metric alone does not say. `proofs.cost.standing` counts the metrics that these watch."""
        gateway, names = self._measures.gateway, ("failed", "requests")
        failed = share(gateway("5xx"), gateway("Count"), names=names, fewest=FEW, counted="failed")
        text = f"Of the requests in five minutes, {FAILED_PERCENT} % or more ended with a 5xx, {FEW} at the least."
        self.at_once("requests-failed", failed, text, Watch(threshold=FAILED_PERCENT))
        text = f"Of the credits reserved in an hour, {REFUNDED_PERCENT} % or more were refunded."
        refunds = self._share("Credits", ("refunded", "reserved"), FEWEST_RESERVED, HOUR)
        self.at_once("refunds", refunds, text, Watch(threshold=REFUNDED_PERCENT))
        text = f"Of the images compared in a day, {UNLIKE_PERCENT} % or more showed somebody else."
        unlike = self._share("Outputs", ("unlike", "compared"), FEWEST_COMPARED, DAY)
        self.at_once("outputs-unlike", unlike, text, Watch(threshold=UNLIKE_PERCENT))
        text = f"Of the plan's charges in a day, {DECLINED_PERCENT} % or more were declined."
        declined = self._share("Charges", ("declined", "tried"), FEWEST_CHARGES, DAY)
        self.by_morning("charges-declined", declined, text, Watch(threshold=DECLINED_PERCENT))

    def _share(self, what: str, names: tuple[str, str], fewest: int, period: Duration) -> cloudwatch.MathExpression:
        part, whole = (self._measures.ours(f"{what}{name.title()}", period=period) for name in names)
        return share(part, whole, names=names, fewest=fewest, counted=names[1])

    def _alarm(self, name: str, metric: cloudwatch.IMetric, text: str, watch: Watch, told: sns.Topic) -> None:
        comparison, missing = SILENT if watch.silence else REACHED
        alarm = cloudwatch.Alarm(
            self,
            name.title().replace("-", ""),
            alarm_name=f"veil-{self._context.stage}-{name}",
            alarm_description=f"{text} {self._context.runbooks_url}/{name}.md",
            metric=metric,
            threshold=watch.threshold,
            evaluation_periods=watch.periods,
            comparison_operator=comparison,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(actions.SnsAction(told))
        self.all.append(alarm)
