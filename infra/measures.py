"""The figures that alarms and the dashboard are made of: ours, by the stage, and those that AWS keeps at no charge."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.functions import METRICS_NAMESPACE

FIVE_MINUTES = Duration.minutes(5)
HOUR = Duration.hours(1)
DAY = Duration.days(1)


class Measures:
    """Of one stage. A period is how long one value is counted for; ``statistic`` is CloudWatch's."""

    def __init__(self, *, stage: str, api_id: str) -> None:
        self._stage = {"stage": stage}
        self._api = {"ApiId": api_id}

    def ours(
        self, name: str, statistic: str = "Sum", period: Duration = FIVE_MINUTES, label: str | None = None
    ) -> cloudwatch.Metric:
        """One of our own, over all functions that report it."""
        return cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name=name,
            dimensions_map=self._stage,
            statistic=statistic,
            period=period,
            label=label,
        )

    def gateway(self, name: str, statistic: str = "Sum", label: str | None = None) -> cloudwatch.Metric:
        """One of the API's, over all its routes, by five minutes."""
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=name,
            dimensions_map=self._api,
            statistic=statistic,
            period=FIVE_MINUTES,
            label=label,
        )


def of_table(table: str, name: str, label: str) -> cloudwatch.Metric:
    """One of a DynamoDB table's, summed over five minutes."""
    return cloudwatch.Metric(
        namespace="AWS/DynamoDB",
        metric_name=name,
        dimensions_map={"TableName": table},
        statistic="Sum",
        period=FIVE_MINUTES,
        label=label,
    )


def share(
    part: cloudwatch.Metric, whole: cloudwatch.Metric, *, names: tuple[str, str], fewest: int, counted: str
) -> cloudwatch.MathExpression:
    """``part`` as a percentage of ``whole``; 0 while of ``counted``, one of both ``names``, there are fewer than
    ``fewest``: of few, a share means nothing.
    """
    one, all_ = names
    return cloudwatch.MathExpression(
        expression=f"IF(FILL({counted}, 0) >= {fewest}, 100 * FILL({one}, 0) / {all_}, 0)",
        using_metrics={one: part, all_: whole},
        period=part.period,
        label=f"{one} share, %",
    )
