"""Whatever of money is due, from the queue: orders, refunds, subscriptions and debts go on."""

import os
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from veil.adapters.aws.sqs import work_item
from veil.bootstrap.charger import ChargerBootstrap
from veil.observability import flush_metrics
from veil.settings import ChargerSettings

bootstrap = ChargerBootstrap(ChargerSettings.load(os.environ))
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: Any) -> Any:
    try:
        return process_partial_response(event=event, record_handler=go_on, processor=processor, context=context)
    finally:
        flush_metrics()


def go_on(record: SQSRecord) -> None:
    """One message. One that is late or comes twice finds another date in the table, and does nothing."""
    item = work_item(record.json_body)
    bootstrap.continues[item.kind](item)
