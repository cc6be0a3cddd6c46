"""All objects of one user, by listing: the eraser alone may, and it may read none of them."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from veil.adapters.aws.client import aws_errors
from veil.domain.erasure_ports import Folders
from veil.domain.ports import StorageUnavailable
from veil.domain.uploads import user_folder

KINDS = ("incoming", "inputs", "results")
BATCH = 1000  # as many objects S3 deletes at once


class S3Folders(Folders):
    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def count(self, user: str) -> int:
        return sum(1 for _ in self._versions(user))

    def delete(self, user: str) -> None:
        for some in batched(self._versions(user), BATCH, strict=False):
            with aws_errors():
                response = self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": list(some), "Quiet": True})
            if response.get("Errors"):
                raise StorageUnavailable(response["Errors"][0].get("Code", "DeleteObjects"))

    def _versions(self, user: str) -> Iterator[dict[str, str]]:
        """Every version, should somebody have switched versions on, and every mark of a deletion. The slash at the end
        keeps those away whose folder begins alike.
        """
        for kind in KINDS:
            pages = self._s3.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket, Prefix=f"{kind}/{user_folder(user)}/"
            )
            with aws_errors():
                for page in pages:
                    for found in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                        yield {"Key": found["Key"], "VersionId": found["VersionId"]}
