"""The ports over storage, from each of their implementations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
from moto import mock_aws

from local.simulated.environment import BUCKET, REGION, TABLE
from tests.contract.images import attempts
from tests.fakes.accounts import MemoryAccounts
from tests.fakes.clock import FakeClock, FakeIds
from tests.fakes.consents import MemoryConsents
from tests.fakes.events import MemoryOutbox
from tests.fakes.generations import MemoryGenerations, MemoryWorkList
from tests.fakes.ledger import MemoryLedger
from tests.fakes.limits import MemoryRateLimiter, RecordingTelemetry
from tests.fakes.orders import MemoryOrders, MemorySubscriptions
from tests.fakes.photos import MemoryPhotos
from tests.fakes.store import MemoryStore
from tests.fakes.uploads import MemoryUploads
from tests.support.deployed import create_table_and_bucket, forget_clients
from veil.adapters.aws import client as aws
from veil.adapters.aws.s3 import S3Photos, presigner
from veil.adapters.dynamodb.accounts import DynamoAccounts, WelcomeBudget
from veil.adapters.dynamodb.consents import DynamoConsents
from veil.adapters.dynamodb.generations import DynamoGenerations, DynamoWorkList
from veil.adapters.dynamodb.items import deleted_sort, former_to_item, generation_sort, key
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.adapters.dynamodb.orders import DynamoOrders
from veil.adapters.dynamodb.outbox import DynamoOutbox
from veil.adapters.dynamodb.rate_counter import DynamoRateCounter
from veil.adapters.dynamodb.subscriptions import DynamoSubscriptions
from veil.adapters.dynamodb.table import Table, dynamodb
from veil.adapters.dynamodb.uploads import DynamoUploads
from veil.domain.event_ports import Outbox
from veil.domain.generation import Generation, Image
from veil.domain.ids import new_id
from veil.domain.payment_ports import Orders, Subscriptions
from veil.domain.ports import (
    Accounts,
    ConsentBook,
    Generations,
    Ledger,
    NewId,
    PhotoStore,
    RateLimiter,
    Uploads,
    WorkList,
)

NOBODY = {"region_name": REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
ENVIRONMENT = {  # boto3's client options, as the environment has them
    "endpoint_url": "AWS_ENDPOINT_URL",
    "region_name": "AWS_DEFAULT_REGION",
    "aws_access_key_id": "AWS_ACCESS_KEY_ID",
    "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY",
    "verify": "AWS_CA_BUNDLE",
}


def hashed(user: str) -> str:
    """A hash of a user's id."""
    return sha256(user.encode()).hexdigest()


@dataclass(frozen=True)
class Backend:
    """``limiter`` makes a rate limiter of a limit and a window in seconds."""

    accounts: Accounts
    ledger: Ledger
    orders: Orders
    subscriptions: Subscriptions
    generations: Generations
    work: WorkList
    outbox: Outbox
    consents: ConsentBook
    uploads: Uploads
    photos: PhotoStore
    limiter: Callable[[int, int], RateLimiter]
    new_id: NewId
    erase: Callable[[Generation], None]  # its record, as when all that is known of a user is
    welcoming: Callable[[int], Accounts]  # accounts with a budget for welcomes a day
    leave: Callable[[str, float], object]  # note that a user had their welcome and left

    def generation(self, user: str, now: float, *, due_at: float | None = None, images: int = 4) -> Generation:
        """One that has not been reserved yet."""
        return Generation(
            user=user,
            id=self.new_id(now),
            style="classic",
            model="black-forest-labs/flux-kontext-pro",
            upload_id=self.new_id(now),
            created_at=now,
            images=tuple(Image(index) for index in range(images)),
            credits_per_image=1,
            due_at=now + 90 if due_at is None else due_at,
        )

    def reserved(self, user: str, now: float, **options: Any) -> Generation:
        """One of a user who has just been given the credits for it."""
        self.accounts.open_account(user, 0, now)
        generation = self.generation(user, now, **options)
        self.accounts.grant(user, "grant", generation.reserved, generation.id, now)  # type: ignore[arg-type]
        self.ledger.reserve(generation, None, now)
        return self.stands(generation)

    def running(self, user: str, now: float, **options: Any) -> Generation:
        """One whose images have all been claimed."""
        generation = self.reserved(user, now, **options)
        claimed = self.ledger.claim(generation, attempts(generation.images), now)
        assert claimed is not None
        return claimed

    def stands(self, generation: Generation) -> Generation:
        """The generation as it stands."""
        user, id_ = generation.user, generation.id
        found = self.generations.get(user, id_) or self.generations.deleted(user, id_)
        assert found is not None
        return found

    def due(self, generation: Generation, now: float) -> list[float]:
        """The dates at which a generation is on the work list, of those that have come."""
        due = [item for item in self.work.due(now) if (item.user, item.id) == (generation.user, generation.id)]
        return [item.due_at for item in due]


def in_memory() -> Backend:
    clock, ids = FakeClock(), FakeIds()
    store = MemoryStore(ids)

    def erase(one: Generation) -> None:
        store.generations.pop((one.user, one.id), None)

    return Backend(
        accounts=MemoryAccounts(store),
        ledger=MemoryLedger(store),
        orders=MemoryOrders(store),
        subscriptions=MemorySubscriptions(store),
        generations=MemoryGenerations(store),
        work=MemoryWorkList(store),
        outbox=MemoryOutbox(store),
        consents=MemoryConsents(store),
        uploads=MemoryUploads(store),
        photos=MemoryPhotos(clock),
        limiter=MemoryRateLimiter,
        new_id=ids,
        erase=erase,
        welcoming=lambda budget: MemoryAccounts(store, budget),
        leave=lambda user, _: store.formers.add(user),
    )


@contextmanager
def aws_environment(**options: str | None) -> Iterator[pytest.MonkeyPatch]:
    """While the block runs, the process's AWS clients are made of these boto3 options; of `NOBODY` unless given."""
    with pytest.MonkeyPatch.context() as patch:
        for option, name in ENVIRONMENT.items():
            value = {**NOBODY, **options}.get(option)
            patch.setenv(name, value) if value else patch.delenv(name, raising=False)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        forget_clients()
        yield patch
        forget_clients()


@contextmanager
def on_moto() -> Iterator[Backend]:
    """The real adapters on moto, with a table and a bucket of the block's own."""
    with mock_aws(), aws_environment():
        create_table_and_bucket(aws.client("dynamodb"), aws.client("s3"), TABLE, BUCKET)
        yield on_aws(TABLE, BUCKET)


def on_aws(table_name: str, bucket: str, endpoint_url: str | None = None) -> Backend:
    """The real adapters, with the clients that production makes."""
    table = Table(dynamodb(), table_name)
    budget = WelcomeBudget(table, 10**9, hashed, RecordingTelemetry())
    accounts = DynamoAccounts(table, new_id, budget)
    return Backend(
        accounts=accounts,
        ledger=DynamoLedger(table, accounts),
        orders=DynamoOrders(table, accounts),
        subscriptions=DynamoSubscriptions(table, accounts),
        generations=DynamoGenerations(table),
        work=DynamoWorkList(table),
        outbox=DynamoOutbox(table),
        consents=DynamoConsents(table),
        uploads=DynamoUploads(table),
        photos=S3Photos(lambda: aws.client("s3"), lambda: presigner(endpoint_url), bucket),
        limiter=lambda limit, window: DynamoRateCounter(table, f"{limit}in{window}", limit, window),
        new_id=new_id,
        erase=lambda one: _erase(table_name, one),
        welcoming=lambda per_day: DynamoAccounts(
            table, new_id, WelcomeBudget(table, per_day, hashed, RecordingTelemetry())
        ),
        leave=lambda user, now: table.put_once(former_to_item(hashed(user), now)),
    )


def _erase(table_name: str, generation: Generation) -> None:
    for sort in (generation_sort(generation.id), deleted_sort(generation.id)):
        aws.client("dynamodb").delete_item(TableName=table_name, Key=key(generation.user, sort))
