"""A fresh process that imports a handler costs no more than one with a plain resolver and boto3's clients.

CPU time of the process, not the clock's, and the least of several turns: whatever else the machine does can only
add to it. All of them take turns, so that what slows one slows all.
"""

import os
import sys
from pathlib import Path

import pytest

from tests.test_settings import WHOLE
from veil.settings import FUNCTIONS

ROOT = Path(__file__).parents[2]
TURNS = 5

PLAIN = """
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel, Field
import boto3

class Place(BaseModel):
    url: str
    headers: dict[str, str]
class Photo(BaseModel):
    id: str
    width: int | None = None
    height: int | None = None
class Order(BaseModel):
    photo: str = Field(min_length=1, max_length=255)
    style: str
class Line(BaseModel):
    id: str
    amount: int
class Album(BaseModel):
    photos: list[Photo]
    lines: list[Line]
    cursor: str | None = None

app = APIGatewayHttpResolver(enable_validation=True)

@app.post("/orders")
def order(body: Order) -> Album:
    return Album(photos=[], lines=[])

table, bucket = boto3.client("dynamodb"), boto3.client("s3")

def handler(event, context):
    return app.resolve(event, context)
"""
HANDLER = "import sys; sys.path.insert(0, sys.argv[1]); from handler import handler"

ENVIRONMENT = {
    **WHOLE,
    "AWS_DEFAULT_REGION": "ap-northeast-2",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "POWERTOOLS_SERVICE_NAME": "cold",
    "POWERTOOLS_METRICS_NAMESPACE": "Veil",
}


def _cost(*arguments: str) -> float:
    """CPU seconds, of user and system, of a fresh interpreter."""
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", *arguments], ENVIRONMENT)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0
    return usage.ru_utime + usage.ru_stime


@pytest.fixture(scope="module")
def costs() -> dict[str, float]:
    """Each handler's and, as ``plain``, the yardstick's."""
    starts = {function: (HANDLER, str(ROOT / "functions" / function)) for function in FUNCTIONS}
    turns = [
        {name: _cost(*start) for name, start in {"plain": (PLAIN,), **starts}.items()}
        for _ in range(1 + TURNS)  # the first writes the bytecode
    ]
    return {name: min(turn[name] for turn in turns[1:]) for name in turns[0]}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_cold_start(costs: dict[str, float], function: str) -> None:
    assert costs[function] <= costs["plain"], f"{costs[function] / costs['plain']:.2f} of {costs['plain']:.2f} s"
