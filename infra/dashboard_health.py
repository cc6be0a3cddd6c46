"""The dashboard's third part: requests, functions, work and queues, the services that Veil calls, and who is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from infra.measures import FIVE_MINUTES, HOUR, Measures, of_table
from infra.queries import CALLBACKS, FAILED_ROUTES
from infra.widgets import HALF, THIRD, TWO_THIRDS, Row, graph, table


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What the health is that of: functions by name, and queues, with those behind them, by what waits there."""

    functions: Mapping[str, lambda_.Function]
    table_name: str
    queues: Mapping[str, sqs.Queue]
    redrives: Mapping[str, sqs.Queue]


def health(measures: Measures, stage: str, watched: Watched) -> Iterator[Row]:
    yield _requests(measures, stage)
    yield _functions(watched)
    yield _work(measures, watched)
    yield _services(measures, stage)
    yield _beside(measures)


def _requests(measures: Measures, stage: str) -> Row:
    gateway = measures.gateway
    return [
        graph(
            "Requests that failed",
            "requests that failed",
            [
                gateway("5xx", label="5xx: our failure"),
                gateway("4xx", label="4xx: refused"),
                measures.ours("RequestsFailed", label="500 and 503 that a function answered itself"),
            ],
            right=[gateway("Count", label="all requests")],
            right_unit="all requests",
        ),
        table("Requests that failed with a 5xx, by route", FAILED_ROUTES, stage),
        graph(
            "How long the API takes to answer",
            "milliseconds",
            [gateway("Latency", statistic, label=statistic) for statistic in ("p50", "p95", "p99")],
        ),
    ]


def _functions(watched: Watched) -> Row:
    by_name = watched.functions.items()
    return [
        graph(
            "Errors of functions",
            "errors",
            [each.metric_errors(period=FIVE_MINUTES, statistic="Sum", label=name) for name, each in by_name],
        ),
        graph(
            "How long functions take, 95 of 100",
            "milliseconds",
            [each.metric_duration(period=FIVE_MINUTES, statistic="p95", label=name) for name, each in by_name],
        ),
        graph(
            "Throttled: functions and the table",
            "calls",
            [
                *(each.metric_throttles(period=FIVE_MINUTES, statistic="Sum", label=name) for name, each in by_name),
                of_table(watched.table_name, "ReadThrottleEvents", "the table's reads"),
                of_table(watched.table_name, "WriteThrottleEvents", "the table's writes"),
            ],
        ),
    ]


def _work(measures: Measures, watched: Watched) -> Row:
    ours, sweeper = measures.ours, watched.functions["sweeper"]
    return [
        graph(
            "The work list",
            "seconds",
            [
                ours("OldestWorkSeconds", "Maximum", label="the oldest work is late, from 600 on"),
                ours("UnsettledOrderSeconds", "Maximum", label="an order waits for its outcome"),
            ],
            right=[
                sweeper.metric_invocations(period=FIVE_MINUTES, statistic="Sum", label="sweeps: five"),
                ours("WorkSwept", label="pieces of work that were swept"),
            ],
            right_unit="in five minutes",
        ),
        graph(
            "Queues: how long the oldest message waits",
            "seconds",
            [
                queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum", label=name)
                for name, queue in watched.queues.items()
            ],
        ),
        graph(
            "Redrive queues: messages that failed every try",
            "messages",
            [
                queue.metric_approximate_number_of_messages_visible(
                    period=FIVE_MINUTES, statistic="Maximum", label=name
                )
                for name, queue in watched.redrives.items()
            ],
        ),
    ]


def _services(measures: Measures, stage: str) -> Row:
    hourly: dict[str, str] = {
        "CallbacksRefused": "callbacks without a valid signature",
        "ProviderRefused": "a provider refuses a start",
        "FaceServiceRefused": "Azure Face refuses our key",
        "PaymentProviderRefused": "Toss refuses our key or request",
        "MatcherFailures": "Rekognition does not compare",
        "RateLimiterFallbacks": "Upstash fails: DynamoDB counts",
        "WelcomesPutOff": "welcomes put off",
        "PhotoDefects": "photos with a defect",
    }
    return [
        table("Callbacks of Replicate, by outcome", CALLBACKS, stage, width=THIRD),
        graph(
            "Other services: what was refused, and what fell back, by the hour",
            "times",
            [measures.ours(name, period=HOUR, label=label) for name, label in hourly.items()],
            width=TWO_THIRDS,
        ),
    ]


def _beside(measures: Measures) -> Row:
    def hourly(name: str, label: str) -> cloudwatch.IMetric:
        return measures.ours(name, period=HOUR, label=label)

    return [
        graph(
            "Events, by the hour",
            "events",
            [
                hourly("EventsAnnounced", "put on the bus"),
                hourly("EventsDelivered", "taken by the server of EVENTS_URL"),
                hourly("EventsUndelivered", "tries that it did not take"),
            ],
            width=HALF,
        ),
        graph(
            "A model of one's own, by the hour",
            "images",
            [hourly("ModelOverflows", "went past it to the next model: no room, or no answer")],
            right=[hourly("PollsAsked", "times it was asked")],
            right_unit="times",
            width=HALF,
        ),
    ]
