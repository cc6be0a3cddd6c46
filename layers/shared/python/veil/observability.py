"""Logs and metrics, by Powertools: JSON lines with ids, and never a token, a signed URL or a photo."""

from hashlib import sha256

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

logger = Logger()
metrics = Metrics(service="")  # no such dimension: each metric is paid for by its name and dimensions


def user_hash(user: str) -> str:
    """A short hash of the user id, for logs. It has no salt: whoever guesses an id can recognise it."""
    return sha256(user.encode()).hexdigest()[:16]


def count_failure() -> None:
    """Count an answer that says that we failed: Lambda sees nothing wrong in it."""
    metrics.add_metric("RequestsFailed", MetricUnit.Count, 1)


def flush_metrics() -> None:
    """Write out what was counted in this invocation, if anything was."""
    if metrics.provider.metric_set:
        metrics.flush_metrics()
