"""What watches a stage: its alarms, its dashboard, the saved queries, and the budget of its account."""

from collections.abc import Mapping
from typing import Protocol

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.alarms import Alarms
from infra.budget import Budget
from infra.context import Context
from infra.dashboard import Dashboard
from infra.dashboard_health import Watched
from infra.measures import Measures
from infra.queries import SavedQueries


class Waiting(Protocol):
    """A queue in front of a function, and the one behind it."""

    queue: sqs.Queue
    redrive: sqs.Queue


def watch(
    scope: Construct,
    *,
    context: Context,
    measures: Measures,
    secrets: Mapping[str, str],
    functions: Mapping[str, lambda_.Function],
    table_name: str,
    queues: Mapping[str, Waiting],
    posts: sqs.Queue,
) -> str:
    """Add all of it to ``scope``; returns the dashboard's name. ``queues``: by what waits in them. ``posts``: of
    events, whose redrive queue is the events'.
    """
    alarms = Alarms(
        scope,
        "Alarms",
        context=context,
        measures=measures,
        sweeper=functions["sweeper"],
        secrets=secrets,
        redrives={name: each.redrive for name, each in queues.items()},
    )
    watched = Watched(
        functions=functions,
        table_name=table_name,
        queues={**{name: each.queue for name, each in queues.items()}, "posts of events": posts},
        redrives={name: each.redrive for name, each in queues.items()},
    )
    dashboard = Dashboard(scope, "Dashboard", context=context, measures=measures, alarms=alarms.all, watched=watched)
    if context.saved_queries:
        SavedQueries(scope, "Queries", stage=context.stage)
    if context.budget_usd is not None and context.alarm_email is not None:
        Budget(scope, "Budget", usd=context.budget_usd, email=context.alarm_email)
    return dashboard.name
