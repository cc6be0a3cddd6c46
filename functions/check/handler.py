"""The check of each photo that lands in the bucket, from the queue; a check that fails for now is tried again."""

import os
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from veil.bootstrap.check import CheckBootstrap
from veil.domain.uploads import CHECK_TRIES
from veil.observability import flush_metrics, logger
from veil.settings import CheckSettings

bootstrap = CheckBootstrap(CheckSettings.load(os.environ))
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: Any) -> Any:
    try:
        return process_partial_response(event=event, record_handler=check, processor=processor, context=context)
    finally:
        flush_metrics()


def check(record: SQSRecord) -> None:
    """One message: S3 names objects by their URL-encoded keys; its test message names none."""
    receives = int(record.attributes.approximate_receive_count)
    try:
        for landed in record.json_body.get("Records", []):
            bootstrap.check(unquote_plus(landed["s3"]["object"]["key"]), last_try=receives >= CHECK_TRIES)
    except Exception:
        logger.exception("the check failed and will be tried again")
        bootstrap.postpone(record.receipt_handle, receives)
        raise
