"""The one place where use cases meet their adapters: a module a function, each with just what it needs.

What every function has to have is made when it starts; what only some requests need (Replicate's client,
Redis, Pillow) is imported when first used, since a cold start pays for each import.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from veil.adapters.aws.client import client
from veil.adapters.aws.s3 import S3Photos, presigner
from veil.adapters.dynamodb.table import Table, dynamodb
from veil.adapters.telemetry import PowertoolsTelemetry
from veil.settings import Settings

if TYPE_CHECKING:
    from veil.adapters.aws.secrets import Secret


class Bootstrap[S: Settings]:
    """What every function has: the table, and where its metrics go."""

    def __init__(self, settings: S) -> None:
        self.settings = settings
        self.telemetry = PowertoolsTelemetry(settings.stage)
        self.table = Table(dynamodb(), settings.table_name)

    def secret(self, name: str) -> "Secret":
        """The secret of this name, which is read when it is first needed."""
        from veil.adapters.aws.secrets import Secret  # noqa: PLC0415

        return Secret(name)

    def photos(self, presign_endpoint_url: str | None) -> S3Photos:
        return S3Photos(client("s3"), presigner(presign_endpoint_url), self.settings.bucket_name)


def renewed[T](make: Callable[[str], T], secret: Callable[[], str]) -> Callable[[], T]:
    """The client made with a secret's present value: made anew only when that has changed."""
    made: dict[str, T] = {}
    lock = Lock()  # four starts ask for it at once

    def current() -> T:
        with lock:
            value = secret()
            if value not in made:
                made.clear()
                made[value] = make(value)
            return made[value]

    return current
