"""Tells a person's phones that their images are ready: Veil's events to FCM and APNs, through Amazon SNS.

Two handlers of a team's own. ``register`` answers ``PUT`` and ``DELETE /devices`` of the team's API, behind the same
sign-in as Veil's; ``notify`` is called by a rule on Veil's event bus. Both need DEVICES_TABLE, with the key ``device``
and the index ``users`` over ``user_id``; ``register`` also ANDROID_APPLICATION and IOS_APPLICATION, ARNs of SNS.
"""

import json
import logging
import os
import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

type Json = dict[str, Any]

CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
APPLICATIONS = {"android": "ANDROID_APPLICATION", "ios": "IOS_APPLICATION"}
LONGEST_TOKEN = 4096
INVALID = ("InvalidParameter", "InvalidParameterException")
# The one way to learn which endpoint has the token already: SNS says it in the words of its error alone.
TAKEN = re.compile(r"Endpoint (arn:\S+) already exists with the same Token")
WORDS = {
    "completed": {"ko": "웨딩 사진이 완성됐어요", "en": "Your wedding portraits are ready"},
    "partial": {"ko": "웨딩 사진 {stored}장이 완성됐어요", "en": "{stored} wedding portraits are ready"},
    "failed": {
        "ko": "사진을 만들지 못해 크레딧을 돌려드렸어요",
        "en": "No portrait could be made. Your credits are back",
    },
}
logger = logging.getLogger(__name__)


@cache
def sns() -> Any:
    return boto3.client("sns", config=CONFIG)


@cache
def table() -> Any:
    return boto3.resource("dynamodb", config=CONFIG).Table(os.environ["DEVICES_TABLE"])


def register(event: Json, _: object = None) -> Json:
    """``PUT /devices`` ``{"platform": "android" | "ios", "token", "language": "ko" | "en"}`` at each start of the app
    and for each new token; ``DELETE /devices`` with the same before signing out. 204, or 422 for another body.
    """
    user_id: str = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    try:
        body = json.loads(event.get("body") or "")
        platform, token, language = (str(body[name]) for name in ("platform", "token", "language"))
    except (ValueError, KeyError, TypeError):
        return {"statusCode": 422}
    if platform not in APPLICATIONS or language not in ("ko", "en") or not 0 < len(token) <= LONGEST_TOKEN:
        return {"statusCode": 422}
    device = sha256(f"{platform}:{token}".encode()).hexdigest()
    if event["requestContext"]["http"]["method"] == "DELETE":
        forget(device, user_id)
    else:
        endpoint = endpoint_of(os.environ[APPLICATIONS[platform]], token)
        # Whoever signed in last on a phone has it: the put takes it from the person before.
        item = {"device": device, "endpoint": endpoint, "user_id": user_id, "language": language}
        table().put_item(Item=item)
    return {"statusCode": 204}


def endpoint_of(application: str, token: str) -> str:
    """The ARN of the one endpoint that this token has, enabled. Harmless to repeat, so a lost answer is, too."""
    try:
        endpoint: str = sns().create_platform_endpoint(PlatformApplicationArn=application, Token=token)["EndpointArn"]
    except ClientError as error:
        taken = TAKEN.search(error.response["Error"].get("Message", ""))
        if error.response["Error"]["Code"] not in INVALID or not taken:
            raise
        endpoint = taken[1]
    # SNS disables an endpoint whose token was refused once; the app has just shown that this one is good.
    sns().set_endpoint_attributes(EndpointArn=endpoint, Attributes={"Token": token, "Enabled": "true"})
    return endpoint


def notify(event: Json, _: object = None) -> None:
    """One event of Veil's bus. It may come twice: a second push of one generation replaces the first on the phone."""
    detail = event["detail"]
    user_id = detail["data"]["user_id"]
    if detail["type"] == "account.erased":
        for device in devices(user_id):
            forget(device["device"], user_id)
    elif detail["type"] == "generation.finished" and detail["data"]["status"] in WORDS:
        for device in devices(user_id):
            push(device, detail["data"])


def devices(user_id: str) -> Iterator[Json]:
    asked: Json = {
        "IndexName": "users",
        "KeyConditionExpression": "user_id = :user",
        "ExpressionAttributeValues": {":user": user_id},
    }
    while True:
        page = table().query(**asked)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def push(device: Json, generation: Json) -> None:
    """Publish to one device. One that is gone is forgotten; any other error is raised: Lambda tries the event again."""
    try:
        sns().publish(
            TargetArn=device["endpoint"],
            MessageStructure="json",
            Message=message(generation, device["language"]),
            MessageAttributes={
                f"AWS.SNS.MOBILE.{platform}.{name}": {"DataType": "String", "StringValue": value}
                for platform in ("APNS", "APNS_SANDBOX")
                for name, value in (("PUSH_TYPE", "alert"), ("COLLAPSE_ID", generation["generation_id"]))
            },
        )
    except ClientError as error:
        if not is_gone(error):
            raise
        logger.info("a device is gone")
        forget(device["device"], generation["user_id"])


def is_gone(error: ClientError) -> bool:
    """The app was removed or its token is another one now, or the endpoint was deleted."""
    told = error.response["Error"]
    return told["Code"] in ("EndpointDisabled", "EndpointDisabledException", "NotFound", "NotFoundException") or (
        told["Code"] in INVALID and "No endpoint found" in told.get("Message", "")
    )


def message(generation: Json, language: str) -> str:
    """For each platform a JSON text inside the JSON text; SNS takes that of the endpoint's own."""
    words = WORDS[generation["status"]][language].format(stored=generation["stored"])
    name = generation["generation_id"]
    opens = {"generation_id": name}  # what the app opens; the images are behind its own sign-in
    android = {"collapse_key": name, "notification": {"tag": name}}
    fcm = {"fcmV1Message": {"message": {"notification": {"title": words}, "data": opens, "android": android}}}
    apns = json.dumps({"aps": {"alert": {"title": words}, "sound": "default"}, **opens}, ensure_ascii=False)
    whole = {"default": words, "GCM": json.dumps(fcm, ensure_ascii=False), "APNS": apns, "APNS_SANDBOX": apns}
    return json.dumps(whole, ensure_ascii=False)


def forget(device: str, user_id: str) -> None:
    """Delete a device, unless it has become another person's meanwhile."""
    try:
        deleted = table().delete_item(
            Key={"device": device},
            ConditionExpression="user_id = :user",
            ExpressionAttributeValues={":user": user_id},
            ReturnValues="ALL_OLD",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return
    sns().delete_endpoint(EndpointArn=deleted["Attributes"]["endpoint"])
