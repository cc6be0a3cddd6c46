"""The dashboard shows what is counted, in rows that fit, and its tables read logs that exist."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from infra.function_table import FUNCTIONS
from local.processes import ROOT
from tests.infra.synthesized import Synthesized

CODE = "\n".join(path.read_text() for path in (ROOT / "layers" / "shared" / "python" / "veil").rglob("*.py"))


def _body(stack: Synthesized) -> dict[str, Any]:
    """The dashboard's body, with the name of what it refers to in the place of each reference."""
    body = stack.only("AWS::CloudWatch::Dashboard")["DashboardBody"]
    parts = [part if isinstance(part, str) else _named(part) for part in body["Fn::Join"][1]]
    return dict(json.loads("".join(parts)))


def _named(reference: dict[str, Any]) -> str:
    (value,) = reference.values()
    return str(value[0] if isinstance(value, list) else value)


def _widgets(stack: Synthesized, kind: str) -> list[dict[str, Any]]:
    return [widget["properties"] for widget in _body(stack)["widgets"] if widget["type"] == kind]


def titles(stack: Synthesized) -> set[str]:
    """Of all widgets that have one."""
    return {widget["properties"]["title"] for widget in _body(stack)["widgets"] if "title" in widget["properties"]}


def _metrics(widget: dict[str, Any]) -> list[list[Any]]:
    """Namespace, name and dimensions of each metric in it, without what is said of how it is drawn."""
    return [[part for part in one if isinstance(part, str)] for one in widget["metrics"] if isinstance(one[0], str)]


def _expression(stack: Synthesized, title: str) -> str:
    (widget,) = [one for one in _widgets(stack, "metric") if one["title"] == title]
    (found,) = [one[0]["expression"] for one in widget["metrics"] if "expression" in one[0]]
    return str(found)


def test_it_is_named_after_its_stage(dev: Synthesized, prod: Synthesized) -> None:
    for stack, name in ((dev, "veil-dev"), (prod, "veil-prod")):
        assert stack.only("AWS::CloudWatch::Dashboard")["DashboardName"] == name
        assert stack.template["Outputs"]["DashboardName"]["Value"] == name


def test_its_parts_follow_the_alarms(dev: Synthesized) -> None:
    widgets = _body(dev)["widgets"]
    said = [widget["properties"].get("markdown", "").partition("\n")[0] for widget in widgets]
    assert [one for one in said if one] == ["# Veil, dev", "## Money", "## People", "## Health"]
    assert widgets[1]["type"] == "alarm"


def test_every_alarm_is_in_its_row(dev: Synthesized) -> None:
    (row,) = _widgets(dev, "alarm")
    assert set(row["alarms"]) == dev.of_type("AWS::CloudWatch::Alarm").keys()


def test_no_widget_lies_on_another_or_beside_the_grid(dev: Synthesized) -> None:
    taken = Counter(
        (x, y)
        for widget in _body(dev)["widgets"]
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    )
    assert set(taken.values()) == {1}
    assert {x for x, _ in taken} == set(range(24))
    assert len(taken) == 24 * len({y for _, y in taken})  # each row is full


def test_every_widget_says_what_it_is_and_in_which_unit(dev: Synthesized) -> None:
    titled = [one["title"] for kind in ("metric", "log", "alarm") for one in _widgets(dev, kind)]
    assert len(titled) == len(set(titled))
    for graph in (one for one in _widgets(dev, "metric") if one.get("view") == "timeSeries"):
        assert graph["yAxis"]["left"]["label"], graph["title"]
        on_right = any(one[-1].get("yAxis") == "right" for one in graph["metrics"])
        assert on_right == bool(graph["yAxis"].get("right")), graph["title"]


def test_every_metric_of_ours_is_counted_somewhere(dev: Synthesized) -> None:
    """And is the stage's: a name that nobody counts would show nothing, for ever."""
    counted = set(re.findall(r'(?:count|seconds|add_metric)\(\s*"(\w+)"', CODE))
    alarms = dev.of_type("AWS::CloudWatch::Alarm").values()
    on_alarms = [
        part["MetricStat"]["Metric"] for one in alarms for part in one.get("Metrics", []) if "MetricStat" in part
    ]
    alarmed = {one["MetricName"] for one in [*alarms, *on_alarms] if one.get("Namespace") == "Veil"}
    shown = set()
    for widget in _widgets(dev, "metric"):
        for namespace, name, *dimensions in _metrics(widget):
            if namespace == "Veil":
                assert dimensions == ["stage", "dev"]
                shown.add(name)
    assert len(shown) > 20
    assert shown | alarmed <= counted
    later = {"ErasureSeconds", "PaymentsWithoutOrder", "MoneyRefundsRefused"}  # an alarm says all there is to say
    assert alarmed - shown == later
    assert counted - shown == later | {"InvalidationLost"}


@pytest.mark.parametrize("metric", ["Errors", "Duration", "Throttles"])
def test_each_function_that_people_need_is_shown(dev: Synthesized, metric: str) -> None:
    functions = dev.of_type("AWS::Lambda::Function")
    shown = {
        functions[dimensions[1]]["FunctionName"]
        for widget in _widgets(dev, "metric")
        for namespace, name, *dimensions in _metrics(widget)
        if (namespace, name) == ("AWS/Lambda", metric)
    }
    assert shown == {f"veil-dev-{name}" for name in FUNCTIONS if name != "keys"}


def test_each_queue_is_shown_with_the_one_behind_it(dev: Synthesized) -> None:
    shown: dict[str, set[str]] = {}
    for widget in _widgets(dev, "metric"):
        for namespace, name, *dimensions in _metrics(widget):
            if namespace == "AWS/SQS":
                shown.setdefault(name, set()).add(dimensions[1])
    queues = dev.of_type("AWS::SQS::Queue")
    behind = {name for name, queue in queues.items() if "RedrivePolicy" not in queue}
    assert shown == {
        "ApproximateNumberOfMessagesVisible": behind,
        "ApproximateAgeOfOldestMessage": queues.keys() - behind,
    }


def test_what_is_left_is_reckoned_in_won(dev: Synthesized, watched: Synthesized) -> None:
    expression = "FILL(sold, 0) - FILL(back, 0) - FILL(taken, 0) - FILL(spent, 0) * {}"
    assert _expression(dev, "Money") == expression.format(1450)
    assert _expression(watched, "Money") == expression.format(1400)
    (said,) = [one["markdown"] for one in _widgets(dev, "text") if one["markdown"].startswith("## Money")]
    assert "at 1,450 KRW to the USD" in said


def test_the_day_is_shown_as_numbers(dev: Synthesized) -> None:
    figures = {one["title"]: one for one in _widgets(dev, "metric") if one["view"] == "singleValue"}
    assert figures.keys() == {"Money", "People"}
    assert all(one["setPeriodToTimeRange"] for one in figures.values())
    assert _body(dev)["start"] == "-P1D"
    generations = figures["People"]["metrics"][0]
    assert (generations[1], generations[-1]["stat"]) == ("CreditsReserved", "SampleCount")


def test_what_is_said_to_be_by_the_day_is(dev: Synthesized) -> None:
    assert _body(dev)["periodOverride"] == "inherit"
    periods = {"by the day": 86_400, "by the hour": 3_600}
    for graph in (one for one in _widgets(dev, "metric") if one["view"] == "timeSeries"):
        period = next((seconds for words, seconds in periods.items() if words in graph["title"]), None)
        if period:
            assert {one[-1].get("period") for one in graph["metrics"]} == {period}, graph["title"]
        assert (graph.get("start") == "-P30D") == (period == 86_400), graph["title"]


def test_the_alarms_spend_is_marked(watched: Synthesized) -> None:
    (graph,) = [one for one in _widgets(watched, "metric") if one["title"].startswith("Spent at providers")]
    (marked,) = graph["annotations"]["horizontal"]
    assert marked["value"] == 7.5
