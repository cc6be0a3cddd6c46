"""The dashboard's first part: credits, what was sold, what providers took, and what is left."""

from collections.abc import Iterator

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.context import Context
from infra.measures import DAY, FIVE_MINUTES, HOUR, Measures
from infra.widgets import HALF, MONTH, Row, figures, graph, mark


def money(measures: Measures, context: Context) -> Iterator[Row]:
    ours = measures.ours
    spent = ours("ProviderCost", label="Spent at providers, USD")
    yield [figures("Money", [*_paid(measures, FIVE_MINUTES), spent, _margin(measures, context.krw_per_usd)])]
    yield [
        graph(
            "Credits by the hour",
            "credits",
            [
                ours("CreditsReserved", period=HOUR, label="reserved"),
                ours("CreditsCaptured", period=HOUR, label="captured: images delivered"),
                ours("CreditsRefunded", period=HOUR, label="refunded: images that failed"),
            ],
        ),
        graph(
            "Spent at providers of models, by the hour",
            "USD",
            [ours("ProviderCost", period=HOUR, label="spent")],
            marks=[mark(context.spend_hourly_usd, "the alarm")],
        ),
        graph(
            "Sold, and what it cost, by the day",
            "KRW",
            _paid(measures, DAY),
            right=[ours("ProviderCost", period=DAY, label="Spent at providers, USD")],
            right_unit="USD",
            start=MONTH,
        ),
    ]
    yield [
        graph(
            "Orders and the plan's charges, by the day",
            "orders",
            [
                ours("OrdersPaid", period=DAY, label="orders paid"),
                ours("OrdersInReview", period=DAY, label="orders in review"),
                ours("ChargesTried", period=DAY, label="charges tried"),
                ours("ChargesDeclined", period=DAY, label="charges declined"),
            ],
            width=HALF,
            start=MONTH,
        ),
        graph(
            "Credits owed after chargebacks, by the day",
            "credits",
            [
                ours("CreditsOwed", period=DAY, label="newly owed"),
                ours("CreditsCollected", period=DAY, label="collected"),
            ],
            width=HALF,
            start=MONTH,
        ),
    ]


def _paid(measures: Measures, period: Duration) -> list[cloudwatch.Metric]:
    named = {
        "MoneyIn": "Sold, KRW",
        "MoneyRefunded": "Given back, KRW",
        "MoneyTakenBack": "Taken back by card companies, KRW",
    }
    return [measures.ours(name, period=period, label=label) for name, label in named.items()]


def _margin(measures: Measures, rate: float) -> cloudwatch.MathExpression:
    """Of money alone: credits that were sold and not used yet count as earned. AWS and the services that look at faces
    are not in it.
    """
    sold, back, taken = _paid(measures, FIVE_MINUTES)
    return cloudwatch.MathExpression(
        expression=f"FILL(sold, 0) - FILL(back, 0) - FILL(taken, 0) - FILL(spent, 0) * {rate:g}",
        using_metrics={"sold": sold, "back": back, "taken": taken, "spent": measures.ours("ProviderCost")},
        period=FIVE_MINUTES,
        label="Margin, KRW",
    )
