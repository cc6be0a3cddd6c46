"""The private bucket, and the presigned URLs into it: a photo's way in, and its way to a provider."""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cached_property
from time import time
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from veil.adapters.aws import client as aws
from veil.adapters.aws.client import aws_errors
from veil.domain.generation import StoredOutput
from veil.domain.likeness import Likeness
from veil.domain.ports import PhotoStore, PresignedPut, StorageUnavailable


class S3Photos(PhotoStore):
    def __init__(
        self, make_s3: Callable[[], Any], make_signer: Callable[[], Any], bucket: str, *, may_list: bool = False
    ) -> None:
        """Each client is made when first used: they cost a process 100 ms. ``may_list``: whether S3 tells what is not
        there from what is forbidden; to a role that may not list it says 403 of both.
        """
        self._make_s3, self._make_signer = make_s3, make_signer
        self._bucket, self._may_list = bucket, may_list

    @cached_property
    def _s3(self) -> Any:
        return self._make_s3()

    @cached_property
    def _signer(self) -> Any:
        return self._make_signer()

    def presign_put(self, key: str, content_type: str, size: int, sha256: str | None, seconds: int) -> PresignedPut:
        """S3 itself refuses another type, length or checksum: all of them are signed. The length is not among the
        headers to send: every client sends it by itself, and a browser can't be told to.
        """
        params: dict[str, Any] = {
            "Bucket": self._bucket,
            "Key": key,
            "ContentType": content_type,
            "ContentLength": size,
        }
        headers = {"Content-Type": content_type}
        if sha256:
            params["ChecksumSHA256"] = headers["x-amz-checksum-sha256"] = sha256
        url = self._signer.generate_presigned_url("put_object", Params=params, ExpiresIn=seconds)
        return PresignedPut(url, headers)

    def presign_get(self, key: str, seconds: int) -> tuple[str, float]:
        params = {"Bucket": self._bucket, "Key": key}
        return self._signer.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds), time() + seconds

    def read(self, key: str) -> bytes | None:
        with aws_errors():
            try:
                response = self._s3.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "NoSuchKey" or (code == "AccessDenied" and not self._may_list):
                    return None
                raise
            data: bytes = response["Body"].read()
            return data

    def write_once(self, key: str, data: bytes, output: StoredOutput) -> StoredOutput:
        """Invariant: an object that a record may already name is never replaced."""
        with aws_errors():
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=data,
                    ContentType=output.content_type,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=b64encode(bytes.fromhex(output.sha256)).decode(),
                    Metadata=_metadata(output),
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "PreconditionFailed":
                    return self._describe(key)
                if error.response["Error"]["Code"] == "ConditionalRequestConflict":  # another put is under way
                    raise StorageUnavailable(error.response["Error"]["Code"]) from error
                raise
        return output

    def _describe(self, key: str) -> StoredOutput:
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            # Just cleared away by the sweep; S3 says 403 of what is gone to a role that may not list.
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (403, 404):
                raise StorageUnavailable("object is gone") from error
            raise
        about = head["Metadata"]
        return StoredOutput(
            size=head["ContentLength"],
            sha256=about["sha256"],
            width=int(about["width"]),
            height=int(about["height"]),
            content_type=head["ContentType"],
            likeness=Likeness(**json.loads(about["likeness"])) if "likeness" in about else None,
        )

    def delete(self, keys: Sequence[str]) -> None:
        with aws_errors():
            response = self._s3.delete_objects(
                Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
            )
        if response.get("Errors"):
            raise StorageUnavailable(response["Errors"][0].get("Code", "DeleteObjects"))


def _metadata(output: StoredOutput) -> dict[str, str]:
    """What the object itself says of its bytes, to whoever finds it there: what was found of another attempt's is not
    what was found of these.
    """
    about = {"sha256": output.sha256, "width": str(output.width), "height": str(output.height)}
    return about if output.likeness is None else {**about, "likeness": json.dumps(asdict(output.likeness))}


def presigner(endpoint_url: str | None) -> Any:
    """A client that signs URLs: of the bucket's own regional host, or path-style of ``endpoint_url``.

    The global host would redirect a new bucket's first days, which breaks a signed PUT.
    """
    style = "path" if endpoint_url else "virtual"
    config = Config(
        signature_version="s3v4", s3={"addressing_style": style}, request_checksum_calculation="when_required"
    )
    return aws.new_client("s3", endpoint_url=endpoint_url, config=config)
