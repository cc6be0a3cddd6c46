"""The `inspect` function."""

from collections.abc import Callable
from functools import cached_property

from veil.adapters.dynamodb.uploads import DynamoUploads
from veil.bootstrap import Bootstrap, renewed
from veil.settings import InspectSettings
from veil.use_cases.inspect import InspectPhoto


class InspectBootstrap(Bootstrap[InspectSettings]):
    @cached_property
    def inspect(self) -> InspectPhoto:
        from veil.adapters.azure_face import AzureFaceDetector, face_client  # noqa: PLC0415
        from veil.adapters.confined_reader import ConfinedReader  # noqa: PLC0415

        url, key = self.settings.azure_face_url, self.secret(self.settings.azure_face_key_secret)
        return InspectPhoto(
            uploads=DynamoUploads(self.table),
            photos=self.photos(None),
            reader=ConfinedReader(self.settings.max_pixels, self.settings.min_side_pixels),
            faces=AzureFaceDetector(renewed(lambda value: face_client(url, value), key), key.renew),
            meter=self.meter,
            min_face_pixels=self.settings.min_face_pixels,
        )

    @cached_property
    def postpone(self) -> Callable[[str, int], None]:
        from veil.adapters.sqs import postpone_in  # noqa: PLC0415

        return postpone_in(self.settings.queue_url)
