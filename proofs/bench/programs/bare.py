"""The same calls as `POST /generations` and a webhook that stores make, by a bare script: boto3's, Redis's and
Replicate's clients, the function's own requests to DynamoDB as they were recorded, and nothing judged or logged.
"""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import httpx
from replicate.client import Client
from upstash_redis import Redis

BUCKET = os.environ["BUCKET_NAME"]
SCRIPT = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('TTL', KEYS[1])}
"""
PROMPT = "A studio wedding portrait of the person in the photo, in a classic white dress, soft light, 85 mm."
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
        upload, (read, reserve, claim, record) = json.loads(event["body"])["upload_id"], event["recorded"]
        dynamodb.batch_get_item(**read)
        self.redis.eval(SCRIPT, keys=[f"veil:rate:{user}"], args=["600"])
        dynamodb.transact_write_items(**reserve)
        url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": f"inputs/{upload}"})
        dynamodb.update_item(**claim)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda index: self._start(url, index), range(4)))
        dynamodb.update_item(**record)

    def _start(self, url: str, index: int) -> None:
        self.replicate.predictions.create(
            model="black-forest-labs/flux-kontext-pro",
            input={"prompt": PROMPT, "input_image": url, "aspect_ratio": "3:4", "output_format": "jpg",
                   "safety_tolerance": 2, "seed": index},
            webhook=f"{os.environ['WEBHOOK_URL']}/webhooks/replicate/{index}",
            webhook_events_filter=["completed"],
        )  # fmt: skip


def store(event: dict[str, Any], _: object = None) -> None:
    """A webhook that stores: read the generation, fetch the output, put it, update the generation."""
    read, update = event["recorded"]
    dynamodb.get_item(**read)
    data = outputs.get(json.loads(event["body"])["output"]).content
    key = f"results/{read['Key']['sk']['S']}/{event['rawPath']}"
    s3.put_object(Bucket=BUCKET, Key=key, Body=data, ContentType="image/jpeg")
    dynamodb.update_item(**update)
