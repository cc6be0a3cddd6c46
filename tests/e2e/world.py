"""What a test can see and do behind the API: the table, the bucket, the sweep, and the stand-ins' faults."""

import base64
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from time import time
from typing import Any

import httpx
from boto3.dynamodb.types import TypeDeserializer

from local.cloud.running import RunningCloud
from local.processes import poll
from operations.client import VeilClient
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.adapters.dynamodb.table import Table
from veil.domain.generation import Generation, Image
from veil.domain.ids import new_id

_deserialize = TypeDeserializer().deserialize


def subject(client: VeilClient) -> str:
    """The user that a client is signed in as, read from its token."""
    payload = client.api.headers["authorization"].split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(payload + "=="))["sub"])


@dataclass
class World:
    running: RunningCloud
    control: httpx.Client

    @cached_property
    def dynamodb(self) -> Any:
        return self.running.client("dynamodb")

    @cached_property
    def s3(self) -> Any:
        return self.running.client("s3")

    @cached_property
    def functions(self) -> Any:
        return self.running.client("lambda")

    def behave(self) -> None:
        self.control.delete("/_control").raise_for_status()

    def misbehave(self, **faults: object) -> None:
        answer = self.control.post("/_control", json=faults)
        assert answer.is_success, answer.text

    def predictions(self, generation: dict[str, Any]) -> list[dict[str, Any]]:
        """The stand-in's predictions of a generation, oldest first: found by the ids that the table keeps."""
        item = self.item(generation)
        attempts = [attempt for image in item["images"].values() for attempt in image["attempts"].values()]
        ids = {attempt.get("prediction_id") for attempt in attempts}
        return [each for each in self.control.get("/_control/predictions").json() if each["id"] in ids]

    def item(self, generation: dict[str, Any]) -> dict[str, Any]:
        """The generation's item, whoever's it is, deleted or not."""
        found = self.dynamodb.scan(
            TableName=self.running.table,
            ConsistentRead=True,
            FilterExpression="sk IN (:kept, :deleted)",
            ExpressionAttributeValues={
                ":kept": {"S": f"GENERATION#{generation['id']}"},
                ":deleted": {"S": f"DELETED#{generation['id']}"},
            },
        )["Items"]
        return {name: _deserialize(value) for name, value in found[0].items()} if found else {}

    def make_due(self, generation: dict[str, Any], at: float | None = None) -> None:
        """Let the generation's date pass, as if that much time had."""
        item = self.item(generation)
        self.dynamodb.update_item(
            TableName=self.running.table,
            Key={"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}},
            UpdateExpression="SET due_at = :at",
            ConditionExpression="attribute_exists(work_shard)",
            ExpressionAttributeValues={":at": {"N": str(round(Decimal(at or time() - 1), 3))}},
        )

    def age(self, generation: dict[str, Any], seconds: float) -> None:
        """Let the generation be that much older, its attempts too, and due."""
        item = self.item(generation)
        values = {":created": {"N": str(round(item["created_at"] - Decimal(seconds), 3))}}
        sets = ["created_at = :created"]
        for index, image in item["images"].items():
            if "started_at" in image:
                values[f":s{index}"] = {"N": str(image["started_at"] - Decimal(seconds))}
                sets.append(f"images.#{index}.started_at = :s{index}")
        self.dynamodb.update_item(
            TableName=self.running.table,
            Key={"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}},
            UpdateExpression="SET " + ", ".join(sets),
            ExpressionAttributeValues=values,
            ExpressionAttributeNames={
                f"#{index}": index for index, image in item["images"].items() if "started_at" in image
            }
            or None,
        )
        self.make_due(generation)

    def reserve(self, user: str, upload_id: str) -> Generation:
        """Reserve four images as `POST /generations` does, and stop there."""
        now, table = time(), Table(self.dynamodb, self.running.table)
        images = tuple(Image(index) for index in range(4))
        model = "black-forest-labs/flux-kontext-pro"
        made = Generation(user, new_id(now), "classic", model, upload_id, now, images, 1, due_at=now + 90)
        DynamoLedger(table, DynamoAccounts(table, new_id)).reserve(made, None, now)
        return made

    def sorts(self, user: str) -> list[str]:
        """The sort keys of all that is kept of a user."""
        found = self.dynamodb.query(
            TableName=self.running.table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"USER#{user}"}},
        )
        return [item["sk"]["S"] for item in found["Items"]]

    def sweep(self) -> None:
        """Run the sweeper now, rather than at the next minute."""
        answer = self.functions.invoke(FunctionName=self.running.functions["sweeper"], Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()

    def objects(self, prefix: str) -> list[str]:
        listed = self.s3.list_objects_v2(Bucket=self.running.bucket, Prefix=prefix)
        return [each["Key"] for each in listed.get("Contents", [])]


def until(condition: Any, seconds: float = 30) -> None:
    """Wait until it holds; fail when it does not in time."""
    assert poll(condition, seconds, 0.2), "it never came to be"
