"""The same calls as `POST /generations` and a webhook that stores make, by a bare script: boto3's, Redis's and
Replicate's clients, the requests written down as they are, and nothing judged, checked, logged or answered.
"""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import boto3
import httpx
from replicate.client import Client
from upstash_redis import Redis

TABLE, BUCKET = os.environ["TABLE_NAME"], os.environ["BUCKET_NAME"]
SCRIPT = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('TTL', KEYS[1])}
"""
PROMPT = "A studio wedding portrait of the person in the photo, in a classic white dress, soft light, 85 mm."
ATTEMPT = {"provider": {"S": "replicate"}, "model": {"S": "black-forest-labs/flux-1.1-pro"}, "price": {"N": "0.04"}}
dynamodb, s3, secrets = (boto3.client(name) for name in ("dynamodb", "s3", "secretsmanager"))
outputs = httpx.Client(trust_env=False)


def _secret(name: str) -> str:
    return str(secrets.get_secret_value(SecretId=os.environ[name])["SecretString"])


class Calls:
    """Its clients are made with the first request, as the secrets are read then."""

    def __init__(self) -> None:
        self.redis = Redis(os.environ["UPSTASH_URL"], _secret("UPSTASH_TOKEN_SECRET"), allow_telemetry=False)
        token, _ = _secret("REPLICATE_TOKEN_SECRET"), _secret("WEBHOOK_TOKEN_KEY_SECRET")
        self.replicate = Client(api_token=token, base_url=os.environ["REPLICATE_URL"])

    def generate(self, event: dict[str, Any], _: object = None) -> None:
        """`POST /generations`."""
        user = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
        upload, key = json.loads(event["body"])["upload_id"], event["headers"]["idempotency-key"]
        pk, generation = {"S": f"USER#{user}"}, uuid4().hex[:26].upper()
        keys = [{"pk": pk, "sk": {"S": sort}} for sort in ("CREDITS", f"UPLOAD#{upload}", f"IDEMPOTENCY#{key}")]
        dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": keys, "ConsistentRead": True}})
        self.redis.eval(SCRIPT, keys=[f"veil:rate:{user}"], args=["600"])
        dynamodb.transact_write_items(TransactItems=_reservation(pk, generation, upload, key))
        url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": f"inputs/{upload}"})
        _claim(pk, generation)
        with ThreadPoolExecutor(4) as pool:
            ids = list(pool.map(lambda index: self._start(url, generation, index), range(4)))
        _record(pk, generation, ids)

    def _start(self, url: str, generation: str, index: int) -> str:
        made = self.replicate.predictions.create(
            model="black-forest-labs/flux-1.1-pro",
            input={"prompt": PROMPT, "image_prompt": url, "aspect_ratio": "3:4", "output_format": "jpg",
                   "output_quality": 90, "safety_tolerance": 2, "seed": index},
            webhook=f"{os.environ['WEBHOOK_URL']}/webhooks/replicate/{generation}.{index}",
            webhook_events_filter=["completed"],
        )  # fmt: skip
        return str(made.id)


def store(event: dict[str, Any], _: object = None) -> None:
    """A webhook that stores: read the generation, fetch the output, put it, update the generation."""
    output = json.loads(event["body"])["output"]
    pk, sk, index = {"S": event["bare"]["pk"]}, event["bare"]["sk"], event["bare"]["index"]
    dynamodb.get_item(TableName=TABLE, Key={"pk": pk, "sk": {"S": sk}}, ConsistentRead=True)
    data = outputs.get(output).content
    s3.put_object(Bucket=BUCKET, Key=f"results/{sk}/{index}", Body=data, ContentType="image/jpeg")
    update, condition = "SET images.#i.#s = :stored, images.#i.size = :size", "images.#i.#s = :running"
    values = {":stored": {"S": "stored"}, ":running": {"S": "running"}, ":size": {"N": "2"}}
    _update(pk, sk, update, {"#i": str(index), "#s": "status"}, values, ConditionExpression=condition)


def _reservation(pk: dict[str, str], generation: str, upload: str, key: str) -> list[dict[str, Any]]:
    image = {"M": {"status": {"S": "queued"}, "attempt": {"N": "1"}, "failures": {"N": "0"}, "attempts": {"M": {}}}}
    item = {
        "pk": pk, "sk": {"S": f"GENERATION#{generation}"}, "style": {"S": "classic"}, "upload_id": {"S": upload},
        "model": {"S": "black-forest-labs/flux-1.1-pro"}, "created_at": {"N": "1790000000.123"},
        "credits_per_image": {"N": "1"}, "cost": {"N": "0"},
        "images": {"M": {str(index): image for index in range(4)}},
        "work_shard": {"S": "1"}, "due_at": {"N": "1790000090.123"},
    }  # fmt: skip
    entry = {
        "pk": pk, "sk": {"S": f"ENTRY#{generation}"}, "kind": {"S": "reserve"}, "amount": {"N": "-4"},
        "reference": {"S": generation}, "created_at": {"N": "1790000000.123"},
    }  # fmt: skip
    record = {
        "pk": pk, "sk": {"S": f"IDEMPOTENCY#{key}"}, "request_hash": {"S": "0" * 64},
        "generation_id": {"S": generation}, "expires_at": {"N": "1790086400"},
    }  # fmt: skip
    credits_ = {
        "TableName": TABLE,
        "Key": {"pk": pk, "sk": {"S": "CREDITS"}},
        "UpdateExpression": "SET available = available - :four",
        "ConditionExpression": "available >= :four",
        "ExpressionAttributeValues": {":four": {"N": "4"}},
    }
    new = "attribute_not_exists(pk)"
    puts = [{"Put": {"TableName": TABLE, "Item": put, "ConditionExpression": new}} for put in (item, entry, record)]
    return [{"Update": credits_}, *puts]


def _claim(pk: dict[str, str], generation: str) -> None:
    parts = ("#s = :running", "started_at = :now", "attempts.#a = :attempt")
    sets = ", ".join(f"images.#{index}.{part}" for index in range(4) for part in parts)
    condition = " AND ".join(f"images.#{index}.#s = :queued" for index in range(4))
    values = {":cost": {"N": "0.16"}, ":running": {"S": "running"}, ":queued": {"S": "queued"}, ":now": {"N": "1.5"},
              ":attempt": {"M": ATTEMPT}}  # fmt: skip
    names = {"#s": "status", "#a": "1", **{f"#{index}": str(index) for index in range(4)}}
    update = f"SET cost = cost + :cost, {sets}"
    _update(pk, f"GENERATION#{generation}", update, names, values, ConditionExpression=condition)


def _record(pk: dict[str, str], generation: str, ids: list[str]) -> None:
    update = "SET " + ", ".join(f"images.#{index}.attempts.#a.prediction_id = :{index}" for index in range(4))
    names = {"#a": "1", **{f"#{index}": str(index) for index in range(4)}}
    values = {f":{index}": {"S": prediction} for index, prediction in enumerate(ids)}
    _update(pk, f"GENERATION#{generation}", update, names, values)


def _update(
    pk: dict[str, str], sk: str, update: str, names: dict[str, str], values: dict[str, Any], **condition: str
) -> None:
    dynamodb.update_item(
        TableName=TABLE,
        Key={"pk": pk, "sk": {"S": sk}},
        UpdateExpression=update,
        ExpressionAttributeNames=names,
        ExpressionAttributeValues=values,
        ReturnValues="ALL_NEW",
        **condition,
    )
