"""Wires the gallery function."""

from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from veil.adapters.dynamodb.consents import DynamoConsents
from veil.adapters.dynamodb.generations import DynamoGenerations
from veil.bootstrap import Bootstrap, edge_cache, image_urls, welcoming_accounts
from veil.domain.ids import new_id
from veil.settings import GallerySettings
from veil.use_cases.consents import ChangeConsents
from veil.use_cases.credits import Credits
from veil.use_cases.gallery import Gallery

if TYPE_CHECKING:
    from veil.adapters.dynamodb.erasures import DynamoErasures
    from veil.adapters.tokens import Cursors
    from veil.domain.delivery import ImageUrls
    from veil.use_cases.leave import Leave, ReadReceipt


class GalleryBootstrap(Bootstrap[GallerySettings]):
    @cached_property
    def urls(self) -> "ImageUrls":
        return image_urls(self)

    @cached_property
    def gallery(self) -> Gallery:
        return Gallery(DynamoGenerations(self.table), self.photos(), edge_cache(self), time)

    @cached_property
    def credits(self) -> Credits:
        return Credits(welcoming_accounts(self), time, self.settings.welcome_credits)

    @cached_property
    def consents(self) -> ChangeConsents:
        return ChangeConsents(DynamoConsents(self.table), time, new_id)

    @cached_property
    def leave(self) -> "Leave":
        from secrets import token_hex  # noqa: PLC0415

        from veil.use_cases.leave import Leave  # noqa: PLC0415

        queue = self.work_queue(self.settings.eraser_queue_url)
        return Leave(self.erasures, queue, time, lambda: token_hex(16), self.telemetry)

    @cached_property
    def read_receipt(self) -> "ReadReceipt":
        from veil.use_cases.leave import ReadReceipt  # noqa: PLC0415

        return ReadReceipt(self.erasures)

    @cached_property
    def erasures(self) -> "DynamoErasures":
        from veil.adapters.dynamodb.erasures import DynamoErasures  # noqa: PLC0415

        return DynamoErasures(self.table, self.user_hash)

    @cached_property
    def cursors(self) -> "Cursors":
        from veil.adapters.tokens import Cursors  # noqa: PLC0415

        return Cursors(self.secret(self.settings.cursor_key_secret))
