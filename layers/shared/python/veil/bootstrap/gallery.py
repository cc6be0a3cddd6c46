"""Wires the gallery function."""

from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from veil.adapters.aws.s3 import S3Photos
from veil.adapters.dynamodb.consents import DynamoConsents
from veil.adapters.dynamodb.generations import DynamoGenerations
from veil.bootstrap import Bootstrap, welcoming_accounts
from veil.domain.ids import new_id
from veil.settings import GallerySettings
from veil.use_cases.consents import ChangeConsents
from veil.use_cases.credits import Credits
from veil.use_cases.gallery import Gallery

if TYPE_CHECKING:
    from veil.adapters.tokens import Cursors


class GalleryBootstrap(Bootstrap[GallerySettings]):
    @cached_property
    def bucket(self) -> S3Photos:
        return self.photos(self.settings.presign_endpoint_url)

    @cached_property
    def gallery(self) -> Gallery:
        return Gallery(DynamoGenerations(self.table), self.bucket, time)

    @cached_property
    def credits(self) -> Credits:
        return Credits(welcoming_accounts(self), time, self.settings.welcome_credits)

    @cached_property
    def consents(self) -> ChangeConsents:
        return ChangeConsents(DynamoConsents(self.table), time, new_id)

    @cached_property
    def cursors(self) -> "Cursors":
        from veil.adapters.tokens import Cursors  # noqa: PLC0415

        return Cursors(self.secret(self.settings.cursor_key_secret))
