"""The dashboard's second part: what people asked for, what they got, and how long they waited."""

from collections.abc import Iterator

from aws_cdk import aws_cloudwatch as cloudwatch

from infra.alarms import UNLIKE_PERCENT
from infra.measures import HOUR, Measures
from infra.queries import PHOTOS
from infra.widgets import HALF, Row, figures, graph, mark, table


def people(measures: Measures, stage: str) -> Iterator[Row]:
    ours = measures.ours
    yield [
        figures(
            "People",
            [
                ours("CreditsReserved", "SampleCount", label="Generations"),  # each of them reserves once
                ours("CreditsCaptured", "SampleCount", label="Images delivered"),
                ours("CreditsRefunded", "SampleCount", label="Images refunded"),
                ours("FirstImageSeconds", "p50", label="First image, median, seconds"),
                ours("LastImageSeconds", "p95", label="Last image, 95 of 100, seconds"),
            ],
        )
    ]
    yield [
        graph(
            "Generations by the hour",
            "generations",
            [ours("CreditsReserved", "SampleCount", HOUR, "begun")],
            width=HALF,
        ),
        graph(
            "From the start of a generation to its images",
            "seconds",
            [
                ours(f"{which}ImageSeconds", statistic, HOUR, f"{which.lower()} image, {statistic}")
                for which in ("First", "Last")
                for statistic in ("p50", "p95")
            ],
            width=HALF,
        ),
    ]
    yield [table("Photos checked, by verdict", PHOTOS, stage, width=HALF), _likeness(measures)]


def _likeness(measures: Measures) -> cloudwatch.GraphWidget:
    compared = measures.ours("OutputsCompared", period=HOUR, label="compared")
    unlike = measures.ours("OutputsUnlike", period=HOUR, label="unlike: somebody else")
    share = cloudwatch.MathExpression(
        expression="100 * FILL(unlike, 0) / compared",
        using_metrics={"unlike": unlike, "compared": compared},
        period=HOUR,
        label="unlike, % of those compared",
    )
    return graph(
        "Likeness: images compared with their photo",
        "% of those compared",
        [share],
        right=[compared, unlike, measures.ours("OutputsUnchecked", period=HOUR, label="stored unchecked")],
        right_unit="images",
        marks=[mark(UNLIKE_PERCENT, "the alarm, by the day")],
        width=HALF,
    )
