"""The counters, priced: what a generation costs by service and by function."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import ceil
from statistics import fmean
from typing import NamedTuple

from proofs.cost.counts import LOG_EVENT_BYTES, SQS_REQUESTS, Counts, Record
from proofs.cost.memory import Work
from proofs.cost.prices import PriceSheet, Waits

GB = 2**30
API_UNIT_BYTES = 512 * 1024
HEADER_BYTES = 300  # of an answer's head, which the counted bytes do not have
PUTS = frozenset({"PutObject", "ListObjects", "CopyObject"})
FREE = frozenset({"DeleteObject", "DeleteObjects"})
MONTHS_KEPT = {"results": 1.0, "inputs": 2 / 30}  # by the key's prefix; a checked photo is kept for two days
REKOGNITION = "Rekognition"
SWEEPER = "sweeper"  # runs by itself: only what it writes is for a generation
ACCESS_LOG_LINE = (  # as infra.api formats it; the local AWS writes none
    '{"request_id": "Qm3ZgjhyIE0EJ9w=", "time": "23/Nov/2026:09:00:00 +0000", '
    '"route": "GET /generations/{generation_id}", "status": "200", "latency_ms": "25", "bytes": "2790", '
    '"error": "-", "authorizer_error": "-", "integration_error": "-"}'
)


class Amount(NamedTuple):
    """What was counted of one thing, in the unit of its ``price``."""

    service: str
    function: str
    what: str
    amount: float
    price: str


class Line(NamedTuple):
    """``amount`` of a generation, in the price's unit."""

    service: str
    function: str
    what: str
    amount: float
    usd: float


@dataclass(frozen=True)
class Pricing:
    """What amounts are priced with; ``memory_mb``: each function's size."""

    sheet: PriceSheet
    waits: Waits
    memory_mb: dict[str, int]

    def line(self, counted: Amount, visits: int = 1) -> Line:
        """What was counted in so many visits, for one of them."""
        service, function, what, total, price = counted
        return Line(service, function, what, total / visits, total / visits * self.sheet.usd(price))


def works(records: list[Record], warm: Counts, waits: Waits) -> dict[str, Work]:
    """Each function's work: invocations of the ``warm`` part, starts and first invocations of the whole run."""
    return {name: _work(name, records, warm, waits) for name in sorted({each.function for each in warm.records})}


def _work(name: str, records: list[Record], warm: Counts, waits: Waits) -> Work:
    everything = [each for each in records if each.function == name]
    invocations = warm.invocations(name)
    later = [each for each in invocations if each.number] or invocations
    cpu = fmean(each.cpu_ms for each in later)
    starts = [each.cpu_ms for each in everything if each.kind == "start"]
    firsts = [each.cpu_ms for each in everything if each.kind == "invocation" and not each.number]
    first_only = max(0.0, fmean(firsts) - cpu) if firsts else 0.0
    waited = sum(waits.of_call(call) for call in warm.calls.get(name, ()))
    waited += sum(waits.of_provider(name, each.route) for each in invocations)
    return Work(
        function=name,
        invocations=len(invocations) / warm.visits if warm.visits else 1.0,
        cpu_ms=cpu,
        wait_ms=waited / len(invocations),
        start_cpu_ms=(fmean(starts) if starts else 0.0) + first_only,
        peak_mb=max(each.peak_mb for each in everything),
    )


def bill(counts: Counts, work: dict[str, Work], pricing: Pricing) -> list[Line]:
    """What one generation of ``counts`` costs while its functions' processes run."""
    parts = (_api, _tables, _bucket, _edge, _transfer, _queues, _secrets, _faces, _logs)
    counted = chain.from_iterable(part(counts) for part in parts)
    lines = [pricing.line(each, counts.visits) for each in counted]
    lines += [pricing.line(each) for each in _lambda(work, pricing.memory_mb)]
    return [line for line in lines if line.usd]


def cold_lines(counts: Counts, work: dict[str, Work], pricing: Pricing) -> list[Line]:
    """What a visit costs beside, when it finds no process of its functions running: each starts as often as in
    ``counts``, and at least once; their secrets are read again.
    """
    lines = []
    for name, its in work.items():
        if name != SWEEPER:  # every minute: always warm
            starts = max(1, len(counts.starts(name)))
            seconds = starts * its.start_gb_seconds(pricing.memory_mb[name])
            lines.append(pricing.line(Amount("Lambda", name, "starts", seconds, "lambda_gb_second")))
    return lines + [pricing.line(each, counts.visits) for each in _secrets(counts)]


def _lambda(work: dict[str, Work], memory_mb: dict[str, int]) -> Iterator[Amount]:
    """Of one visit."""
    for name, its in work.items():
        if name != SWEEPER:
            seconds = its.invocations * its.gb_seconds(memory_mb[name])
            yield Amount("Lambda", name, "requests", its.invocations, "lambda_request")
            yield Amount("Lambda", name, "GB-seconds", seconds, "lambda_gb_second")


def _api(counts: Counts) -> Iterator[Amount]:
    for name, records in counts.routes().items():
        calls = sum(ceil(max(1, each.bytes_in, each.bytes_out) / API_UNIT_BYTES) for each in records)
        yield Amount("API Gateway", name, "calls", calls, "api_request")
        size = len(records) * (len(ACCESS_LOG_LINE) + LOG_EVENT_BYTES) / GB
        yield Amount("CloudWatch", name, "GB of access log", size, "logs_ingested")


def _tables(counts: Counts) -> Iterator[Amount]:
    for name, calls in counts.calls.items():
        if name != SWEEPER:
            yield Amount("DynamoDB", name, "read units", sum(call.read_units for call in calls), "dynamodb_read")
        yield Amount("DynamoDB", name, "write units", sum(call.write_units for call in calls), "dynamodb_write")
    yield Amount("DynamoDB", "", "GB kept a month", counts.table_bytes / GB, "dynamodb_storage")
    yield Amount("DynamoDB", "", "GB recoverable a month", counts.table_bytes / GB, "dynamodb_recovery")


def _bucket(counts: Counts) -> Iterator[Amount]:
    kept = 0.0
    for name, calls in counts.calls.items():
        its = [call for call in calls if call.service == "s3" and call.operation not in FREE]
        puts = sum(call.operation in PUTS for call in its)
        yield Amount("S3", name, "PUTs", puts, "s3_put")
        yield Amount("S3", name, "GETs", len(its) - puts, "s3_get")
        stored = (call for call in its if call.operation == "PutObject")
        kept += sum(call.bytes_in * MONTHS_KEPT.get(call.prefix, 0.0) for call in stored)
    yield Amount("S3", "", "GB kept a month", kept / GB, "s3_storage")


def _edge(counts: Counts) -> Iterator[Amount]:
    """Each image that was stored is looked at once, which the edge fetches from the bucket: that transfer is free."""
    for name, calls in counts.calls.items():
        stored = [call for call in calls if call.operation == "PutObject" and call.prefix == "results"]
        yield Amount("S3", name, "GETs of the edge", len(stored), "s3_get")
        yield Amount("CloudFront", name, "GB of images", sum(call.bytes_in for call in stored) / GB, "edge_out")
        yield Amount("CloudFront", name, "requests", len(stored), "edge_request")


def _transfer(counts: Counts) -> Iterator[Amount]:
    """Out to the internet: presigned photos, to Replicate; answers; the photo for Azure."""
    for name, calls in counts.calls.items():
        photos = sum(call.bytes_out for call in calls if call.presigned)
        photos += sum(call.bytes_in for call in calls if call.service == "s3" and call.prefix == "inputs")
        yield Amount("Data transfer", name, "GB of photos", photos / GB, "transfer_out")
    for name, records in counts.routes().items():
        answers = sum(each.bytes_out + HEADER_BYTES for each in records)
        yield Amount("Data transfer", name, "GB of answers", answers / GB, "transfer_out")


def _queues(counts: Counts) -> Iterator[Amount]:
    for name in sorted({each.function for each in counts.records if each.messages}):
        messages = sum(each.messages for each in counts.invocations(name))
        yield Amount("SQS", name, "requests", messages * SQS_REQUESTS, "sqs_request")


def _faces(counts: Counts) -> Iterator[Amount]:
    for name, calls in counts.calls.items():
        compared = sum(call.service == "rekognition" for call in calls)
        yield Amount(REKOGNITION, name, "comparisons of faces", compared, "face_comparison")


def _secrets(counts: Counts) -> Iterator[Amount]:
    for name, calls in counts.calls.items():
        reads = sum(call.service == "secretsmanager" for call in calls)
        yield Amount("Secrets Manager", name, "calls", reads, "secret_call")


def _logs(counts: Counts) -> Iterator[Amount]:
    for name, logged in counts.logs.items():
        if name != SWEEPER:
            yield Amount("CloudWatch", name, "GB of log", logged.bytes / GB, "logs_ingested")
            yield Amount("CloudWatch", name, "GB of log kept a month", logged.bytes / GB, "logs_stored")
