"""Wires the uploads function."""

from functools import cached_property
from time import time

from veil.adapters.dynamodb.consents import DynamoConsents
from veil.adapters.dynamodb.uploads import DynamoUploads
from veil.bootstrap import Bootstrap, rate_limiter
from veil.domain.ids import new_id
from veil.settings import UploadsSettings
from veil.use_cases.uploads import CreateUpload, GetUpload


class UploadsBootstrap(Bootstrap[UploadsSettings]):
    @cached_property
    def uploads(self) -> DynamoUploads:
        return DynamoUploads(self.table)

    @cached_property
    def create_upload(self) -> CreateUpload:
        return CreateUpload(
            uploads=self.uploads,
            photos=self.photos(self.settings.presign_endpoint_url),
            consents=DynamoConsents(self.table),
            required=self.settings.required_consents,
            limiter=rate_limiter(self, "uploads", self.settings.upload_rate_limit_max),
            clock=time,
            new_id=new_id,
        )

    @cached_property
    def get_upload(self) -> GetUpload:
        return GetUpload(self.uploads, time)
