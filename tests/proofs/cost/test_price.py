"""The model of memory, the bill and what stands: by hand-made counts whose price can be worked out on paper."""

from dataclasses import replace

import pytest

from proofs.cost.bill import GB, Line, Pricing, bill, cold_lines, works
from proofs.cost.counts import Call, Counts, LogBytes, Record, by_function
from proofs.cost.memory import FULL_CORE_MB, Work
from proofs.cost.parts import metrics_in
from proofs.cost.prices import PriceSheet, Waits
from proofs.cost.standing import standing

SHEET, WAITS = PriceSheet.read(), Waits.read()
PRICING = Pricing(SHEET, WAITS, {"gallery": 1024, "webhook": 512, "sweeper": 512})
WORK = Work("gallery", invocations=2, cpu_ms=10, wait_ms=100, start_cpu_ms=300, peak_mb=60)


def invocation(function: str, number: int = 1, **more: object) -> Record:
    its = {"cpu_ms": 10.0, "peak_mb": 60.0, "at": 1.0, "route": "GET /credits", **more}
    return Record(function, "invocation", number=number, **its)  # type: ignore[arg-type]


def counts(calls: dict[str, list[Call]] | None = None, records: list[Record] | None = None) -> Counts:
    return Counts(visits=2, calls=calls or {}, records=records or [], logs={"sweeper": LogBytes()})


def usd(lines: list[Line], service: str) -> float:
    return sum(line.usd for line in lines if line.service == service)


def test_every_price_and_every_wait_says_where_it_is_from() -> None:
    assert SHEET.region == "ap-northeast-2"
    assert all(price.source.startswith("https://") and price.read and price.unit for price in SHEET.prices.values())
    assert all(wait.source for wait in (*WAITS.aws.values(), *WAITS.providers.values()))


def test_memory_buys_cpu_and_never_patience() -> None:
    assert WORK.billed_ms(FULL_CORE_MB) == 110
    assert WORK.billed_ms(FULL_CORE_MB * 2) == 110  # one core is all that one thread can use
    assert WORK.billed_ms(1024) == pytest.approx(100 + 10 * 1769 / 1024)


def test_the_cheapest_size_is_the_smallest_that_holds() -> None:
    assert WORK.cheapest() == 128
    assert replace(WORK, peak_mb=200).cheapest() == 320  # half as much again as the peak
    assert replace(WORK, function="check").cheapest() == FULL_CORE_MB  # for the largest photo


def test_a_visit_is_billed_by_what_was_counted_of_it() -> None:
    calls = [
        Call("dynamodb", "UpdateItem", "k", write_units=3),
        Call("dynamodb", "GetItem", "k", read_units=1),
        Call("s3", "PutObject", "k", prefix="results", bytes_in=GB),
        Call("s3", "GetObject", "k", presigned=True, prefix="inputs", bytes_out=GB),
        Call("s3", "DeleteObjects", "k"),
    ]
    lines = bill(counts({"gallery": calls}, [invocation("gallery")] * 4), {"gallery": WORK}, PRICING)
    assert usd(lines, "DynamoDB") == pytest.approx((3 * 0.68e-6 + 0.1355e-6) / 2)
    assert usd(lines, "S3") == pytest.approx((4.5e-6 + 2 * 0.35e-6 + 0.025) / 2)  # the edge gets it once
    assert usd(lines, "API Gateway") == pytest.approx(2 * 1.23e-6)
    photos = [line for line in lines if line.what == "GB of photos"]
    assert sum(line.usd for line in photos) == pytest.approx(0.126 / 2)


def test_a_call_of_more_than_half_a_megabyte_is_two() -> None:
    lines = bill(counts(records=[invocation("gallery", bytes_out=600_000)]), {}, PRICING)
    assert usd(lines, "API Gateway") == pytest.approx(2 * 1.23e-6 / 2)


def test_a_comparison_of_faces_has_its_price() -> None:
    compared = [Call("rekognition", "CompareFaces", "")] * 8
    part = counts({"webhook": compared}, [invocation("webhook")] * 8)
    lines = bill(part, {"webhook": replace(WORK, function="webhook")}, PRICING)
    assert usd(lines, "Rekognition") == pytest.approx(4 * 0.0012)
    assert works(part.records, part, WAITS)["webhook"].wait_ms == WAITS.aws["rekognition"].ms


def test_a_message_is_of_the_function_that_takes_it() -> None:
    records = [invocation("eraser", route=None, messages=1)] * 2 + [invocation("gallery")]
    lines = [line for line in bill(counts(records=records), {}, PRICING) if line.service == "SQS"]
    assert [(line.function, line.amount) for line in lines] == [("eraser", 3)]


def test_of_the_sweeper_only_what_it_writes_is_a_generations() -> None:
    calls = [Call("dynamodb", "Query", "k", read_units=2), Call("dynamodb", "UpdateItem", "k", write_units=4)]
    part = counts({"sweeper": calls}, [invocation("sweeper", route=None)])
    lines = bill(part, works(part.records, part, WAITS), PRICING)
    assert [(line.service, line.amount) for line in lines] == [("DynamoDB", 2)]


def test_work_is_of_a_warm_process_and_its_start_apart() -> None:
    start = Record("gallery", "start", cpu_ms=400, peak_mb=50, at=0, access_key="k")
    first, later = invocation("gallery", number=0, cpu_ms=110.0), invocation("gallery", number=1)
    part = counts({"gallery": [Call("dynamodb", "GetItem", "k", read_units=1)] * 2}, [first, later])
    work = works([start, *part.records], part, WAITS)["gallery"]
    assert (work.cpu_ms, work.start_cpu_ms, work.invocations) == (10, 400 + 100, 1)
    assert work.wait_ms == WAITS.aws["dynamodb read"].ms


def test_a_cold_visit_starts_every_function_once_at_the_least() -> None:
    webhook = replace(WORK, function="webhook")
    start = Record("webhook", "start", cpu_ms=400, peak_mb=50, at=0)
    lines = cold_lines(counts(records=[start] * 4), {"gallery": WORK, "webhook": webhook, "sweeper": WORK}, PRICING)
    amounts = {line.function: line.amount for line in lines}
    assert amounts == {
        "gallery": pytest.approx(WORK.start_gb_seconds(1024)),
        "webhook": pytest.approx(4 * WORK.start_gb_seconds(512)),
    }


def test_what_stands_is_counted_from_the_template() -> None:
    kinds = ["AWS::SecretsManager::Secret"] * 3 + ["AWS::CloudWatch::Alarm"] * 2 + ["AWS::Lambda::EventSourceMapping"]
    kinds += ["AWS::KMS::Key", "AWS::CloudWatch::Dashboard"]
    template = {"Resources": {str(number): {"Type": kind} for number, kind in enumerate(kinds)}}
    idle = counts(records=[invocation("sweeper", route=None)])
    charges = {each.what: each.usd for each in standing(template, {"Sweeps service=sweeper"}, idle, WORK, PRICING)}
    assert charges["secrets"] == pytest.approx(1.2)
    assert charges["metrics that alarms watch"] == pytest.approx(0.1 * (2 + 8))
    assert charges["custom metrics"] == pytest.approx(0.3)
    assert charges["dashboards"] == pytest.approx(3.0)
    assert charges["keys of KMS"] == pytest.approx(1.0)
    assert charges["polls of the empty queues"] == pytest.approx(5 * 3 * 60 * 24 * 30.4 * 0.4e-6)


def test_a_log_line_weighs_its_bytes_and_26_more() -> None:
    logged = LogBytes()
    logged.add("START RequestId: 1 Version: $LATEST\n")
    logged.add('{"level": "INFO"}')
    assert (logged.platform, logged.ours, logged.bytes) == (35 + 26, 17 + 26, 35 + 17 + 2 * 26)


def test_a_metric_is_its_name_with_its_dimensions() -> None:
    line = (
        '{"_aws":{"CloudWatchMetrics":[{"Dimensions":[["stage","service"]],"Metrics":[{"Name":"A"},{"Name":"B"}]}]},'
        '"stage":"dev","service":"webhook","A":[1],"B":[2]}'
    )
    assert metrics_in(line) == {"A service=webhook stage=dev", "B service=webhook stage=dev"}
    assert metrics_in('{"message":"none"}') == set()


def test_a_call_that_is_nobodys_is_an_error() -> None:
    with pytest.raises(KeyError):
        by_function([Call("s3", "GetObject", "stranger")], {"k": "gallery"})
