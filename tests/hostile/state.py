"""All that there is to rob or to spoil: the table, the bucket, and the predictions that cost money."""

from typing import Any

import httpx
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from local.simulated.environment import BUCKET, REGION, TABLE
from veil.adapters.aws.client import client

type State = dict[str, dict[Any, Any]]


def state(control: httpx.Client) -> State:
    """Every item (read from moto itself: a scan over its wire takes a hundred times as long), object and prediction."""
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_table(TABLE)
    items = [item.to_json()["Attributes"] for item in table.all_items()]
    objects = client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    predictions = control.get("/_control/predictions").json()
    return {
        "items": {(item["pk"]["S"], item["sk"]["S"]): item for item in items},
        "objects": {each["Key"]: each["ETag"] for each in objects},
        "predictions": {each["id"]: each["status"] for each in predictions},
    }
