"""Queries of CloudWatch Logs Insights: those that a person at a problem starts, saved by name, and the dashboard's."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.function_table import FUNCTIONS
from infra.names import access_log, function_log, pascal

ID = "PASTE IT HERE"


@dataclass(frozen=True)
class Query:
    """``lines`` are its commands, which pipes join. It reads the logs of ``functions``, and the API's access log where
    ``access`` says so.
    """

    lines: tuple[str, ...]
    functions: tuple[str, ...] = ()
    access: bool = False

    def groups(self, stage: str) -> list[str]:
        """The names of the log groups that it reads."""
        return [*(function_log(stage, name) for name in self.functions), *([access_log(stage)] if self.access else [])]


ALL = tuple(FUNCTIONS)
SETTLING = ("generations", "webhook", "poll", "sweeper", "eraser")  # who starts images, or ends them
LINE = "fields @timestamp, service, message, user, generation_id, order_id, image, outcome, error, code, why, @message"
IN_ORDER = ("sort @timestamp asc", "limit 1000")
FAILED = "filter status like /^5/"  # a text, as all of the access log's values

# A team finds them in Logs Insights under Saved queries, in the folder veil-STAGE.
SAVED: Mapping[str, Query] = {
    "one-request": Query(
        (
            "fields @timestamp, service, level, message, route, status, latency_ms, error, why, @message",
            f'filter request_id = "{ID}"',
            *IN_ORDER,
        ),
        ALL,
        access=True,
    ),
    "one-generation": Query((LINE, f'filter generation_id = "{ID}" or id = "{ID}"', *IN_ORDER), ALL),
    "one-user": Query((LINE, f'filter user = "{ID}"', *IN_ORDER), ALL),
    "one-order": Query((LINE, f'filter order_id = "{ID}" or id = "{ID}"', *IN_ORDER), ALL),
    "errors": Query(
        (
            "fields @timestamp, service, level, message, why, request_id, exception_name, @message",
            'filter level in ["WARNING", "ERROR", "CRITICAL"]'
            " or @message like /Task timed out|Runtime exited|Runtime.ImportModuleError/",
            "sort @timestamp desc",
            "limit 200",
        ),
        ALL,
    ),
    "messages": Query(("stats count(*) as lines by service, level, message", "sort lines desc", "limit 100"), ALL),
    "failed-requests": Query(
        (
            "fields @timestamp, request_id, route, status, latency_ms, error, integration_error, authorizer_error",
            FAILED,
            "sort @timestamp desc",
            "limit 200",
        ),
        access=True,
    ),
    "slowest-routes": Query(
        (
            "stats count(*) as requests, pct(latency_ms, 50) as p50, pct(latency_ms, 95) as p95,"
            " max(latency_ms) as longest by route",
            "sort p95 desc",
        ),
        access=True,
    ),
    "busiest-users": Query(
        (
            'filter message = "credits reserved"',
            "stats count(*) as generations by user",
            "sort generations desc",
            "limit 20",
        ),
        ("generations",),
    ),
    "failed-sweeps": Query(
        (
            "fields @timestamp, kind, id, user, why",
            'filter message = "sweep failed"',
            "sort @timestamp desc",
            "limit 200",
        ),
        ("sweeper",),
    ),
    "erasures": Query(
        (
            "fields @timestamp, service, message, user, left, objects, items",
            'filter message in ["a user leaves", "an erasure waits for money", "an erasure is not done yet",'
            ' "an erasure is done"]',
            "sort @timestamp desc",
            "limit 200",
        ),
        ("gallery", "eraser"),
    ),
    "money-trouble": Query(
        (
            "fields @timestamp, service, message, user, order_id, refund_id, why, decline, credits, owed",
            'filter message in ["money was taken that is not this order\'s", "a payment without an order",'
            ' "the money can\'t go back; the credits are given again", "money was taken back by another",'
            ' "payment not settled now", "subscription not settled now", "order ended"]',
            "sort @timestamp desc",
            "limit 200",
        ),
        ("payments", "charger"),
    ),
    "refunded-images": Query(
        ('filter message = "image refunded"', "stats count(*) as images by error, bin(1h)", "sort images desc"),
        SETTLING,
    ),
    "some-generations": Query(
        (
            "fields @timestamp, service, message, generation_id, image, provider, status, error",
            'filter message in ["prediction refused", "image refunded", "image requeued"]',
            "sort @timestamp desc",
            "limit 50",
        ),
        SETTLING,
    ),
    "unchecked-images": Query(
        ('filter message = "likeness not checked"', "stats count(*) as images by why", "sort images desc"),
        ("webhook", "poll", "sweeper"),
    ),
}

# The dashboard's: counts that would each cost a metric, and for which the log is read only while somebody looks.
PHOTOS = Query(
    (
        'filter message in ["photo ready", "photo rejected"]',
        'fields coalesce(reason, "ready") as verdict',
        "stats count(*) as photos by verdict",
        "sort photos desc",
    ),
    ("check",),
)
CALLBACKS = Query(
    ('filter message = "webhook"', "stats count(*) as callbacks by outcome", "sort callbacks desc"), ("webhook",)
)
FAILED_ROUTES = Query(
    (FAILED, "stats count(*) as requests by route, status", "sort requests desc", "limit 20"), access=True
)
ON_DASHBOARD = (PHOTOS, CALLBACKS, FAILED_ROUTES)


class SavedQueries(Construct):
    """Those of ``SAVED``, for one stage."""

    def __init__(self, scope: Construct, name: str, *, stage: str) -> None:
        super().__init__(scope, name)
        for called, query in SAVED.items():
            logs.CfnQueryDefinition(
                self,
                pascal(called.replace("-", "_")),
                name=f"veil-{stage}/{called}",
                query_string="\n| ".join(query.lines),
                log_group_names=query.groups(stage),
            )
