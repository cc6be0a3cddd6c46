"""What a cold start is measured against: a plain Powertools resolver with validation, five pydantic models, and
boto3's clients of DynamoDB and S3, all in one module, as a first version of such a function looks.
"""

from typing import Any

import boto3
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel, Field


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
dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")


@app.post("/orders")
def order(body: Order) -> Album:
    return Album(photos=[Photo(id=body.photo)], lines=[])


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
