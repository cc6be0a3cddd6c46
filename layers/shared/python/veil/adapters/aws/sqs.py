"""When the message of a check that failed is received again."""

from collections.abc import Callable

from veil.adapters.aws.client import aws_errors, client

FIRST_SECONDS = 15
LONGEST_SECONDS = 900


def postpone_in(queue_url: str) -> Callable[[str, int], None]:
    """A function that lets a message (receipt handle, how often it was received) come again after 15 s, doubling up
    to 15 minutes: soon for a moment's trouble, and for more than an hour in all.
    """

    def postpone(receipt_handle: str, receives: int) -> None:
        seconds = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (receives - 1))
        with aws_errors():
            client("sqs").change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )

    return postpone
