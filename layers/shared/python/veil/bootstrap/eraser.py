"""Wires the eraser function."""

from collections.abc import Mapping
from functools import cached_property
from time import time
from typing import Any

from veil.adapters.aws.client import client
from veil.adapters.aws.sqs import work_item
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.generations import DynamoGenerations, DynamoWorkList
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.bootstrap import Bootstrap, edge_cache, polled
from veil.domain.erasure_ports import Identities
from veil.domain.ids import new_id
from veil.domain.image_models import REPLICATE
from veil.domain.ports import ImageProvider, PolledProvider, WorkKind
from veil.settings.eraser import EraserSettings
from veil.use_cases.cancel import Cancel
from veil.use_cases.end_images import EndImages
from veil.use_cases.end_money import EndMoney
from veil.use_cases.erase import Erase
from veil.use_cases.forget import Forget
from veil.use_cases.refund import Refund

CANCEL_AFTER_SECONDS = 240  # of a prediction that is started; none is, here


class EraserBootstrap(Bootstrap[EraserSettings]):
    def go_on(self, message: Mapping[str, Any]) -> None:
        """Take on the erasure that a message of the queue stands for."""
        item = work_item(message)
        if item.kind is not WorkKind.ERASURE:
            raise ValueError(f"{item.kind} is no erasure")
        self.erase(item)

    @cached_property
    def accounts(self) -> DynamoAccounts:
        return DynamoAccounts(self.table, new_id)

    @cached_property
    def providers(self) -> Mapping[str, ImageProvider]:
        """Who is asked to stop."""
        from veil.adapters.credentials import Credentialed  # noqa: PLC0415
        from veil.adapters.providers.replicate import ReplicateProvider, replicate_client  # noqa: PLC0415

        url, token = self.settings.replicate_url, self.secret(self.settings.replicate_token_secret)
        made = Credentialed(token, lambda value: replicate_client(url, value, CANCEL_AFTER_SECONDS))
        return {REPLICATE: ReplicateProvider(made), **self.polled}

    @cached_property
    def polled(self) -> Mapping[str, PolledProvider]:
        """Who is asked to forget photos, too."""
        return polled(self, self.photos())

    @cached_property
    def identities(self) -> Identities:
        from veil.adapters.aws.identities import CognitoIdentities, TeamsOwnIdentities  # noqa: PLC0415

        pool = self.settings.user_pool_id
        return CognitoIdentities(pool) if pool else TeamsOwnIdentities()

    @cached_property
    def end_images(self) -> EndImages:
        refund = Refund(DynamoLedger(self.table, self.accounts), None, time, self.telemetry)
        cancel, forget = Cancel(self.providers, self.telemetry), Forget(self.polled, self.telemetry)
        return EndImages(DynamoGenerations(self.table), refund, cancel, forget)

    @cached_property
    def erase(self) -> Erase:
        from veil.adapters.aws.folders import S3Folders  # noqa: PLC0415
        from veil.adapters.dynamodb.erasures import DynamoErasures, new_retained_id  # noqa: PLC0415
        from veil.adapters.dynamodb.orders import DynamoOrders  # noqa: PLC0415
        from veil.adapters.dynamodb.subscriptions import DynamoSubscriptions  # noqa: PLC0415

        erasures = DynamoErasures(self.table, self.user_hash)
        return Erase(
            work=DynamoWorkList(self.table),
            erasures=erasures,
            folders=S3Folders(client("s3"), self.settings.bucket_name),
            edge=edge_cache(self),
            identities=self.identities,
            end_images=self.end_images,
            end_money=EndMoney(
                orders=DynamoOrders(self.table, self.accounts),
                subscriptions=DynamoSubscriptions(self.table, self.accounts),
                erasures=erasures,
                clock=time,
                new_id=new_id,
                new_retained_id=new_retained_id,
                telemetry=self.telemetry,
            ),
            events=self.work_queue(self.settings.notify_queue_url),
            clock=time,
            telemetry=self.telemetry,
        )
