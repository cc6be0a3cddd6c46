"""The counters, priced: what a generation costs by service and by function."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from statistics import fmean
from typing import NamedTuple

from proofs.cost.calls import Call
from proofs.cost.counts import LOG_EVENT_BYTES, SQS_REQUESTS, Counts, Record
from proofs.cost.memory import Work
from proofs.cost.prices import Sheet, Waits

GB = 2**30
API_UNIT_BYTES = 512 * 1024
HEADER_BYTES = 300  # of an answer's head, which its bytes here do not have
PUTS = frozenset({"PutObject", "ListObjects", "CopyObject"})
FREE = frozenset({"DeleteObject", "DeleteObjects"})
INPUT_MONTHS = 2 / 30  # a checked photo is kept for two days
SWEEPER = "sweeper"  # runs by itself: only what it writes is for a generation
ACCESS_LOG_LINE = (  # as infra.api has it formatted; the local AWS writes none
    '{"request_id": "Qm3ZgjhyIE0EJ9w=", "time": "23/Nov/2026:09:00:00 +0000", '
    '"route": "GET /generations/{generation_id}", "status": "200", "latency_ms": "25", "bytes": "2790", '
    '"error": "-", "authorizer_error": "-", "integration_error": "-"}'
)


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

    sheet: Sheet
    waits: Waits
    memory_mb: dict[str, int]

    def line(self, service: str, function: str, what: str, amount: float, price: str) -> Line:
        return Line(service, function, what, amount, amount * self.sheet.usd(price))


def works(records: list[Record], warm: Counts, waits: Waits) -> dict[str, Work]:
    """Each function's work: invocations of the ``warm`` part, starts and first invocations of the whole run."""
    return {name: _work(name, records, warm, waits) for name in sorted({each.function for each in warm.records})}


def _work(name: str, records: list[Record], warm: Counts, waits: Waits) -> Work:
    everything = [each for each in records if each.function == name]
    going = [each for each in warm.invocations(name) if each.number] or warm.invocations(name)
    cpu = fmean(each.cpu_ms for each in going)
    starts = [each.cpu_ms for each in everything if each.kind == "start"]
    firsts = [each.cpu_ms for each in everything if each.kind == "invocation" and not each.number]
    first_only = max(0.0, fmean(firsts) - cpu) if firsts else 0.0
    waited = sum(waits.of_call(call) for call in warm.calls.get(name, ()))
    waited += sum(waits.of_provider(name, each.route) for each in warm.invocations(name))
    return Work(
        function=name,
        invocations=len(warm.invocations(name)) / warm.visits if warm.visits else 1.0,
        cpu_ms=cpu,
        wait_ms=waited / len(warm.invocations(name)),
        start_cpu_ms=(fmean(starts) if starts else 0.0) + first_only,
        peak_mb=max(each.peak_mb for each in everything),
    )


def bill(counts: Counts, work: dict[str, Work], pricing: Pricing) -> list[Line]:
    """What one generation of ``counts`` costs, its functions' processes running."""
    lines = [*_lambda(work, pricing), *_api(counts, pricing), *_tables(counts, pricing), *_bucket(counts, pricing)]
    lines += [
        *_transfer(counts, pricing),
        *_queue(counts, pricing),
        *_secrets(counts, pricing),
        *_logs(counts, pricing),
    ]
    return [line for line in lines if line.usd]


def cold_lines(counts: Counts, work: dict[str, Work], pricing: Pricing) -> list[Line]:
    """What a visit costs beside, when it finds no process of its functions running: each starts as often as in
    ``counts``, and once at the least; their secrets are read again.
    """
    lines = []
    for name, its in work.items():
        if name == SWEEPER:  # every minute: always warm
            continue
        starts = max(1, len(counts.starts(name)))
        seconds = starts * its.start_gb_seconds(pricing.memory_mb[name])
        lines.append(pricing.line("Lambda", name, "starts", seconds, "lambda_gb_second"))
    return lines + list(_secrets(counts, pricing))


def _lambda(work: dict[str, Work], pricing: Pricing) -> Iterator[Line]:
    for name, its in work.items():
        if name != SWEEPER:
            seconds = its.invocations * its.gb_seconds(pricing.memory_mb[name])
            yield pricing.line("Lambda", name, "requests", its.invocations, "lambda_request")
            yield pricing.line("Lambda", name, "GB-seconds", seconds, "lambda_gb_second")


def _api(counts: Counts, pricing: Pricing) -> Iterator[Line]:
    for name, records in _grouped(counts.routes()):
        calls = sum(ceil(max(1, each.bytes_in, each.bytes_out) / API_UNIT_BYTES) for each in records) / counts.visits
        yield pricing.line("API Gateway", name, "calls", calls, "api_request")
        size = len(records) * (len(ACCESS_LOG_LINE) + LOG_EVENT_BYTES) / GB / counts.visits
        yield pricing.line("CloudWatch", name, "GB of access log", size, "logs_ingested")


def _tables(counts: Counts, pricing: Pricing) -> Iterator[Line]:
    for name, calls in counts.calls.items():
        reads = sum(call.read_units for call in calls) / counts.visits
        writes = sum(call.write_units for call in calls) / counts.visits
        if name != SWEEPER:
            yield pricing.line("DynamoDB", name, "read units", reads, "dynamodb_read")
        yield pricing.line("DynamoDB", name, "write units", writes, "dynamodb_write")
    kept = counts.table_bytes / counts.visits / GB
    yield pricing.line("DynamoDB", "", "GB kept a month", kept, "dynamodb_storage")
    yield pricing.line("DynamoDB", "", "GB recoverable a month", kept, "dynamodb_recovery")


def _bucket(counts: Counts, pricing: Pricing) -> Iterator[Line]:
    for name, calls in counts.calls.items():
        its = [call for call in calls if call.service == "s3" and call.operation not in FREE]
        puts = sum(call.operation in PUTS for call in its)
        yield pricing.line("S3", name, "PUTs", puts / counts.visits, "s3_put")
        yield pricing.line("S3", name, "GETs", (len(its) - puts) / counts.visits, "s3_get")
    months = {"results": 1.0, "inputs": INPUT_MONTHS}
    kept = sum(call.bytes_in * months.get(call.prefix, 0.0) for call in _all(counts) if call.operation == "PutObject")
    yield pricing.line("S3", "", "GB kept a month", kept / counts.visits / GB, "s3_storage")


def _transfer(counts: Counts, pricing: Pricing) -> Iterator[Line]:
    """Out to the internet: presigned photos, to the app and to Replicate; answers; the photo that Azure looks at."""
    for name, calls in counts.calls.items():
        seen = sum(call.bytes_out for call in calls if call.presigned)
        seen += sum(call.bytes_in for call in calls if call.service == "s3" and call.prefix == "inputs")
        yield pricing.line("Data transfer", name, "GB of photos", seen / counts.visits / GB, "transfer_out")
    for name, records in _grouped(counts.routes()):
        told = sum(each.bytes_out + HEADER_BYTES for each in records) / counts.visits / GB
        yield pricing.line("Data transfer", name, "GB of answers", told, "transfer_out")


def _queue(counts: Counts, pricing: Pricing) -> Iterator[Line]:
    messages = sum(each.messages for each in counts.records) / counts.visits
    yield pricing.line("SQS", "check", "requests", messages * SQS_REQUESTS, "sqs_request")


def _secrets(counts: Counts, pricing: Pricing) -> Iterator[Line]:
    for name, calls in counts.calls.items():
        asked = sum(call.service == "secretsmanager" for call in calls) / counts.visits
        yield pricing.line("Secrets Manager", name, "calls", asked, "secret_call")


def _logs(counts: Counts, pricing: Pricing) -> Iterator[Line]:
    for name, logged in counts.logs.items():
        if name != SWEEPER:
            size = (logged.ours + logged.platform) / counts.visits / GB
            yield pricing.line("CloudWatch", name, "GB of log", size, "logs_ingested")
            yield pricing.line("CloudWatch", name, "GB of log kept a month", size, "logs_stored")


def _all(counts: Counts) -> Iterator[Call]:
    return (call for calls in counts.calls.values() for call in calls)


def _grouped(records: Iterator[Record]) -> list[tuple[str, list[Record]]]:
    grouped: dict[str, list[Record]] = {}
    for each in records:
        grouped.setdefault(each.function, []).append(each)
    return sorted(grouped.items())
