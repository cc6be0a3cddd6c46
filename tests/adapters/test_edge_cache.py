"""What the edge is told to forget, and that nobody waits for it."""

from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, NoCredentialsError
from botocore.parsers import ResponseParserError

from tests.fakes.cloudfront import refused
from tests.fakes.limits import RecordingTelemetry
from veil.adapters.aws import cloudfront
from veil.adapters.aws.cloudfront import CloudFrontCache


class Edge:
    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[Any] = []
        self._error = error

    def create_invalidation(self, **asked: Any) -> None:
        self.asked.append(asked)
        if self._error:
            raise self._error


def test_one_path_for_a_folder_once_for_each_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    edge, telemetry = Edge(), RecordingTelemetry()
    monkeypatch.setattr(cloudfront, "client", lambda *_: edge)
    CloudFrontCache("E1", telemetry).forget("results/YWRh/01J", "01J deleted")
    batch = {"Paths": {"Quantity": 1, "Items": ["/results/YWRh/01J/*"]}, "CallerReference": "01J deleted"}
    assert edge.asked == [{"DistributionId": "E1", "InvalidationBatch": batch}]
    assert telemetry.measured == []


@pytest.mark.parametrize(
    "error",
    [
        refused("TooManyInvalidationsInProgress"), refused("Throttling"), refused("AccessDenied", 403),
        ConnectTimeoutError(endpoint_url="https://cloudfront"), ResponseParserError("a page"), NoCredentialsError(),
    ],
)  # fmt: skip
def test_a_deletion_never_fails_by_it(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    telemetry = RecordingTelemetry()
    monkeypatch.setattr(cloudfront, "client", lambda *_: Edge(error))
    CloudFrontCache("E1", telemetry).forget("results/YWRh/01J", "01J deleted")
    assert telemetry.total("InvalidationLost") == 1
