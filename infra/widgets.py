"""Widgets of the dashboard, on its grid of 24 columns: each has a title in plain words, and units on its axes."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch

from infra.queries import Query

COLUMNS = 24
HALF, THIRD, TWO_THIRDS = COLUMNS // 2, COLUMNS // 3, COLUMNS * 2 // 3
HEIGHT = 6
MONTH = "-P30D"  # the start of a graph by the day: of one day it would show one value

type Row = Sequence[cloudwatch.IWidget]


def heading(markdown: str, height: int = 1) -> cloudwatch.TextWidget:
    return cloudwatch.TextWidget(
        markdown=markdown,
        width=COLUMNS,
        height=height,
        background=cloudwatch.TextWidgetBackground.TRANSPARENT,
    )


def figures(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.SingleValueWidget:
    """One number a metric, over the whole time that the dashboard shows."""
    return cloudwatch.SingleValueWidget(
        title=title, metrics=list(metrics), width=COLUMNS, height=3, set_period_to_time_range=True, full_precision=True
    )


def graph(
    title: str,
    unit: str,
    left: Sequence[cloudwatch.IMetric],
    *,
    right: Sequence[cloudwatch.IMetric] = (),
    right_unit: str | None = None,
    marks: Sequence[cloudwatch.HorizontalAnnotation] = (),
    width: int = THIRD,
    start: str | None = None,
) -> cloudwatch.GraphWidget:
    """Lines over time, with ``unit`` on the left axis; ``marks`` are lines at a value of it. ``start``: when it begins,
    as an ISO 8601 duration before now, where that is not the dashboard's own.
    """
    return cloudwatch.GraphWidget(
        title=title,
        start=start,
        left=list(left),
        right=list(right),
        left_y_axis=cloudwatch.YAxisProps(label=unit, min=0, show_units=False),
        right_y_axis=cloudwatch.YAxisProps(label=right_unit, min=0, show_units=False) if right_unit else None,
        left_annotations=list(marks),
        width=width,
        height=HEIGHT,
    )


def mark(value: float, label: str) -> cloudwatch.HorizontalAnnotation:
    """A line at a value of the left axis."""
    return cloudwatch.HorizontalAnnotation(value=value, label=label, color=cloudwatch.Color.RED)


def table(title: str, query: Query, stage: str, *, width: int = THIRD) -> cloudwatch.LogQueryWidget:
    """What a query finds in the logs."""
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=query.groups(stage),
        query_lines=list(query.lines),
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        width=width,
        height=HEIGHT,
    )
