"""What an answer counts as, and what the requests come to: percentiles, errors, rates."""

import json

import pytest

from proofs.load.tally import (
    IMAGES,
    RATE_LIMITED,
    THROTTLED,
    VISIT,
    Sample,
    Tally,
    error_of,
    is_throttled,
    percentiles,
    seconds_before,
    wait_asked,
)

LIMITED = json.dumps({"code": "rate_limited"}).encode()


def sample(route: str, ms: float = 100, error: str | None = None, at: float = 1000) -> Sample:
    return Sample(at=at, route=route, ms=ms, error=error)


def whole_visit() -> list[Sample]:
    return [sample("POST /generations"), sample(IMAGES), sample(VISIT)]


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentiles([*range(200, 0, -1)]) == {50: 100, 90: 180, 95: 190, 99: 198, 100: 200}
    assert percentiles([7.0]) == dict.fromkeys((50, 90, 95, 99, 100), 7.0)
    assert percentiles([1, 2]) == {50: 1, 90: 2, 95: 2, 99: 2, 100: 2}
    assert percentiles([]) == {}


def test_rates_are_over_the_time_from_the_first_start_to_the_last_end() -> None:
    tally = Tally(2, [sample("GET /credits", ms=2000, at=1002), *whole_visit(), *whole_visit()])
    tally.samples.append(sample("PUT /…/selection", at=1030))
    figures = tally.as_json()
    assert figures["seconds"] == 30.1  # from 999.9
    assert (figures["requests"], figures["requests_per_second"]) == (4, 0.1)
    assert (figures["visits"], figures["generations"], figures["generations_per_minute"]) == (2, 2, 4.0)
    assert not tally.errors


def test_nothing_at_all_has_figures_too() -> None:
    figures = Tally(1).as_json()
    assert (figures["seconds"], figures["requests"], figures["routes"]) == (0, 0, [])
    assert figures["errors"] == {"a visit ended without an error or a success": 1}


def test_a_rate_limit_is_counted_apart_and_in_no_percentile() -> None:
    limited = sample(f"POST /generations{RATE_LIMITED}", ms=5000)
    tally = Tally(1, [limited, *whole_visit()])
    row = tally.rows()[0]
    assert (row.route, row.count, row.rate_limited, row.throttled, row.errors) == ("POST /generations", 2, 1, 0, 0)
    assert row.ms[100] == 100
    assert (tally.rate_limited, tally.requests, tally.errors.total()) == (1, 2, 0)


def test_what_the_gateway_throttled_is_counted_apart_too() -> None:
    throttled = sample(f"POST /generations{THROTTLED}", ms=5000)
    tally = Tally(1, [throttled, *whole_visit()])
    row = tally.rows()[0]
    assert (row.route, row.count, row.rate_limited, row.throttled, row.errors) == ("POST /generations", 2, 0, 1, 0)
    assert row.ms[100] == 100
    assert (tally.throttled, tally.rate_limited, tally.errors.total()) == (1, 0, 0)
    assert tally.as_json()["throttled"] == 1


def test_a_route_that_only_refused_has_no_percentiles() -> None:
    (row,) = Tally(1, [sample(f"POST /uploads{RATE_LIMITED}")]).rows()
    assert (row.count, row.rate_limited, row.ms) == (1, 1, {})


def test_errors_are_counted_by_route_and_kind() -> None:
    broken = [sample("GET /credits", error="500 internal_error"), sample(IMAGES, error="ended as partial")]
    tally = Tally(3, [*broken, *whole_visit()])
    assert tally.errors == {"GET /credits: 500 internal_error": 1, f"{IMAGES}: ended as partial": 1}
    assert tally.generations == 1
    assert [row.errors for row in tally.rows()] == [1, 1, 0, 0]


def test_who_has_neither_an_error_nor_a_whole_visit_is_missed() -> None:
    tally = Tally(2, [*whole_visit(), sample("GET /credits")])
    assert tally.errors == {"a visit ended without an error or a success": 1}
    assert not tally.met


def test_a_rate_limit_says_how_long_to_wait() -> None:
    assert wait_asked(429, {"retry-after": "17"}, LIMITED) == 17


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (429, {}, LIMITED),
        (429, {"retry-after": "soon"}, LIMITED),
        (429, {"retry-after": "1"}, b'{"message": "Too Many Requests"}'),
        (429, {"retry-after": "1"}, b"not json"),
        (409, {"retry-after": "1"}, b'{"code": "upload_not_ready"}'),
        (503, {"retry-after": "1"}, LIMITED),
    ],
)
def test_anything_else_asks_for_no_wait(status: int, headers: dict[str, str], body: bytes) -> None:
    assert wait_asked(status, headers, body) is None


@pytest.mark.parametrize(
    ("status", "headers", "throttled"),
    [
        (429, {"apigw-requestid": "a"}, True),
        (429, {"x-request-id": "a", "retry-after": "5"}, False),
        (503, {"apigw-requestid": "a"}, False),
    ],
)
def test_the_gateways_429_is_not_ours(status: int, headers: dict[str, str], *, throttled: bool) -> None:
    assert is_throttled(status, headers) == throttled


def test_who_is_throttled_waits_longer_each_time_and_not_for_ever() -> None:
    assert [seconds_before(tries, 0) for tries in (1, 2, 3, 6, 60)] == [1, 2, 4, 30, 30]
    assert seconds_before(2, 1) == 3


@pytest.mark.parametrize("status", [200, 304])
def test_an_expected_status_is_no_error(status: int) -> None:
    assert error_of(status, b"", {200, 304}) is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, b'{"code": "internal_error"}', "500 internal_error"),
        (200, b"{}", "200"),
        (429, b'{"message": "Too Many Requests"}', "429"),
        (502, b"<html>", "502"),
        (502, b"[]", "502"),
        (0, b"", "0"),
    ],
)
def test_an_error_is_known_by_its_status_and_code(status: int, body: bytes, kind: str) -> None:
    assert error_of(status, body, {201}) == kind
