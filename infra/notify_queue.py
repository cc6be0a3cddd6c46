"""The two queues in front of `notify`, a redrive queue behind both, and the bus that it puts events on."""

from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.queues import queue_and_redrive, queue_before
from infra.times import DELIVERY_RECEIVES, DELIVERY_RETENTION_DAYS, NOTIFY_RECEIVES, NOTIFY_VISIBILITY_SECONDS

AT_ONCE = 5  # announcements; and posts, beside them: a server that hangs keeps no announcement waiting


class NotifyQueue(Construct):
    """A message of the first queue is something that is to be told, which comes again by the work list; one of the
    second is an event that is to be posted, and stands nowhere else. One that fails every try waits in ``redrive``.
    """

    def __init__(self, scope: Construct, name: str, *, stage: str) -> None:
        super().__init__(scope, name)
        self.queue, self.redrive = queue_and_redrive(
            self, visibility_seconds=NOTIFY_VISIBILITY_SECONDS, receives=NOTIFY_RECEIVES
        )
        self.deliveries = queue_before(
            self,
            "Deliveries",
            self.redrive,
            visibility_seconds=NOTIFY_VISIBILITY_SECONDS,
            receives=DELIVERY_RECEIVES,
            retention_days=DELIVERY_RETENTION_DAYS,
        )
        bus = events.EventBus(self, "Bus", event_bus_name=f"veil-{stage}")
        self.url, self.arn = self.queue.queue_url, self.queue.queue_arn
        self.deliveries_url, self.deliveries_arn = self.deliveries.queue_url, self.deliveries.queue_arn
        self.bus_name, self.bus_arn = bus.event_bus_name, bus.event_bus_arn

    def connect(self, function: lambda_.Function, *, posts: bool) -> None:
        """Let ``function`` take what is to be told and, if it ``posts``, what is to be posted: an event source is paid
        for by its polls, found or not.
        """
        for queue in (self.queue, self.deliveries) if posts else (self.queue,):
            source = sources.SqsEventSource(
                queue, batch_size=1, max_concurrency=AT_ONCE, report_batch_item_failures=True
            )
            function.add_event_source(source)
