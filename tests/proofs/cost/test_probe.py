"""What a function's process tells: driven as the local AWS drives a worker, a line in, a line out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from proofs.cost.run import PROBE

WORKER = """
import json, os, subprocess, sys
sys.stdin.readline()
out, sys.stdout = sys.stdout, sys.stderr
out.write('{"status": "ready"}\\n'); out.flush()
while sys.stdin.readline():
    before = os.times()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    print("not for the local AWS")
    after = os.times()
    spent = 1000 * sum(now - then for now, then in zip(after[:4], before[:4]))
    out.write(json.dumps({"status": "ok", "result": spent}) + "\\n"); out.flush()
"""
EVENTS = [{"routeKey": "GET /credits"}, {"Records": [{}, {}]}, 3]


def told(folder: Path, name: str) -> tuple[list[dict[str, Any]], list[float]]:
    """Run a worker under this file name over three events; answer what was told of them, and what it says itself of
    its CPU: milliseconds of each.
    """
    script = folder / name
    script.write_text(WORKER)
    lines = [{"code_dir": "/nowhere"}, *({"event": event, "ctx": {}} for event in EVENTS)]
    environment = {
        "PYTHONPATH": str(PROBE), "COST_PROBE": str(folder),
        "AWS_LAMBDA_FUNCTION_NAME": "veil-local-gallery", "AWS_ACCESS_KEY_ID": "ASIA1",
    }  # fmt: skip
    given = "".join(f"{json.dumps(line)}\n" for line in lines)
    ran = subprocess.run(
        [sys.executable, script], input=given, env=environment, text=True, check=True, capture_output=True
    )
    _, *answers = map(json.loads, ran.stdout.splitlines())
    records = [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]
    return records, [answer["result"] for answer in answers]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], list[float]]:
    return told(tmp_path_factory.mktemp("probe"), "_worker.py")


@pytest.fixture
def records(run: tuple[list[dict[str, Any]], list[float]]) -> list[dict[str, Any]]:
    return run[0]


def test_a_start_and_each_invocation_is_told(records: list[dict[str, Any]]) -> None:
    start, *invocations = records
    assert (start["kind"], start["access_key"]) == ("start", "ASIA1")
    assert [(each["kind"], each["number"], each["route"], each["messages"]) for each in invocations] == [
        ("invocation", 0, "GET /credits", 0),
        ("invocation", 1, None, 2),
        ("invocation", 2, None, 0),
    ]
    assert {each["function"] for each in records} == {"veil-local-gallery"}


def test_cpu_is_its_own_and_its_childrens(run: tuple[list[dict[str, Any]], list[float]]) -> None:
    (_, *invocations), spent = run
    clock_tick = 10  # the worker's own clock has no finer steps
    assert all(each["cpu_ms"] > its - 2 * clock_tick for each, its in zip(invocations, spent, strict=True))
    assert min(spent) > 2 * clock_tick
    assert all(each["peak_mb"] > 5 for each in invocations)


def test_nothing_of_an_events_content_is_told(records: list[dict[str, Any]]) -> None:
    assert not any("code_dir" in json.dumps(each) for each in records)


def test_no_other_process_tells_anything(tmp_path: Path) -> None:
    assert told(tmp_path, "other.py")[0] == []
