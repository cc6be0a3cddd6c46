"""Readers with a defect put in on purpose, for the fuzzer to find."""

from dataclasses import replace

from proofs.chaos.fuzz_target import reader
from veil.domain.photos import Photo
from veil.domain.ports import PhotoReader


class Stumbling:
    """Raises at a JPEG that begins with segment EC, as no seed does."""

    def read(self, data: bytes, content_type: str) -> Photo:
        if content_type == "image/jpeg" and len(data) > 3 and data[3] == 0xEC:
            raise KeyError("segment")
        return reader().read(data, content_type)


class Leaking:
    """Leaves a comment in the photo."""

    def read(self, data: bytes, content_type: str) -> Photo:
        photo = reader().read(data, content_type)
        return replace(photo, jpeg=photo.jpeg[:2] + b"\xff\xfe\0\6left" + photo.jpeg[2:])


class Waiting:
    """Takes for ever over a HEIC."""

    def read(self, data: bytes, content_type: str) -> Photo:
        while content_type == "image/heic":
            pass
        return reader().read(data, content_type)


def stumbling() -> PhotoReader:
    return Stumbling()


def leaking() -> PhotoReader:
    return Leaking()


def waiting() -> PhotoReader:
    return Waiting()
