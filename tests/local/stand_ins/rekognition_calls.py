"""Pictures for Rekognition's stand-in, and calls to it that are signed by hand."""

import io
import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import httpx
import time_machine
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from PIL import Image

from local.stand_ins import portraits
from tests.local.stand_ins.small_aws import ROOT_SECRET

PHOTOS = Path(__file__).parents[3] / "local" / "photos"
COLLINS, HOPPER = ((PHOTOS / name).read_bytes() for name in ("eileen-collins.jpg", "grace-hopper.jpg"))
MODEL = "black-forest-labs/flux-1.1-pro"
ONCE = Config(retries={"total_max_attempts": 1})


def encoded(image: Image.Image, form: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, form)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def portrait(photo: bytes, style: str, seed: int = 1) -> bytes:
    given = {"prompt": style, "output_format": "jpg", "aspect_ratio": "3:4"}
    return portraits.render(photo, MODEL, given, random.Random(seed)).data


def nobody() -> bytes:
    return encoded(Image.radial_gradient("L").resize((512, 512)))


def rekognition(base_url: str, key: str = "root", secret: str = ROOT_SECRET, **options: Any) -> Any:
    """boto3's own client of the stand-in."""
    keys = {"aws_access_key_id": key, "aws_secret_access_key": secret}
    given: dict[str, Any] = {"region_name": "ap-northeast-2", "config": ONCE, **keys, **options}
    return boto3.Session().client("rekognition", endpoint_url=f"{base_url}/rekognition", **given)


def compare(client: Any, source: bytes, target: bytes, **more: Any) -> dict[str, Any]:
    given = {"SimilarityThreshold": 0, "QualityFilter": "NONE", **more}
    answer: dict[str, Any] = client.compare_faces(SourceImage={"Bytes": source}, TargetImage={"Bytes": target}, **given)
    return answer


def refused(error: ClientError) -> tuple[str, int]:
    """A refusal's code and status."""
    return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]


def signed(
    url: str,
    body: object,
    *,
    at: datetime | None = None,
    service: str = "rekognition",
    region: str = "ap-northeast-2",
    **more: str,
) -> httpx.Request:
    """A call as the root user signs it; ``more`` are further headers."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-Amz-Target": "RekognitionService.CompareFaces", "Content-Type": "application/x-amz-json-1.1"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    request = AWSRequest("POST", url, headers, data)
    signer = SigV4Auth(Credentials("root", ROOT_SECRET), service, region)
    if at is None:
        signer.add_auth(request)
    else:
        with time_machine.travel(at, tick=False):
            signer.add_auth(request)
    return httpx.Request("POST", url, headers=dict(request.headers.items()), content=data)
