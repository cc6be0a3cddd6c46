"""Wires the check function."""

from collections.abc import Callable
from functools import cached_property

from veil.adapters.dynamodb.uploads import DynamoUploads
from veil.bootstrap import Bootstrap
from veil.domain.ports import PhotoReader
from veil.domain.uploads import MAX_PIXELS, MIN_SIDE_PIXELS
from veil.settings import CheckSettings
from veil.use_cases.check import CheckPhoto


class CheckBootstrap(Bootstrap[CheckSettings]):
    @cached_property
    def check(self) -> CheckPhoto:
        from veil.adapters.credentials import Credentialed  # noqa: PLC0415
        from veil.adapters.providers.azure_face import AzureFaceDetector, face_client  # noqa: PLC0415

        url, key = self.settings.azure_face_url, self.secret(self.settings.azure_face_key_secret)
        return CheckPhoto(
            uploads=DynamoUploads(self.table),
            photos=self.photos(may_list=True),
            reader=self.reader(),
            faces=AzureFaceDetector(Credentialed(key, lambda value: face_client(url, value))),
            telemetry=self.telemetry,
        )

    def reader(self) -> PhotoReader:
        from veil.adapters.photos.sandbox import SandboxedReader  # noqa: PLC0415

        return SandboxedReader(MAX_PIXELS, MIN_SIDE_PIXELS)

    @cached_property
    def postpone(self) -> Callable[[str, int], None]:
        from veil.adapters.aws.sqs import postpone_in  # noqa: PLC0415

        return postpone_in(self.settings.queue_url)
