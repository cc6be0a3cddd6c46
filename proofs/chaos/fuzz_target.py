"""The process that `proofs.chaos.fuzz` starts: ``python -m proofs.chaos.fuzz_target TARGET [libFuzzer's arguments]``.

``TARGET`` is ``module:function``; the function answers the `PhotoReader` to be fuzzed.
"""

import importlib
import sys
import warnings

import atheris

from veil.domain.photos import Rejected
from veil.domain.ports import PhotoReader

INSTRUMENTED = ["PIL", "pi_heif", "filetype", "veil.adapters.photos.pillow"]
MAX_PIXELS, MIN_SIDE = 2_000_000, 16  # narrower than production's: more inputs are decoded, and each sooner
MAGIC = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png", b"RI": "image/webp"}


def reader() -> PhotoReader:
    """The real one."""
    import pi_heif  # noqa: F401, PLC0415 - the reader's own import comes too late

    from veil.adapters.photos.pillow import PillowReader  # noqa: PLC0415 - once its imports are instrumented

    return PillowReader(MAX_PIXELS, MIN_SIDE)


def main(target: str, arguments: list[str]) -> None:
    module, _, function = target.partition(":")
    with atheris.instrument_imports(include=[*INSTRUMENTED, module]):
        fuzzed: PhotoReader = getattr(importlib.import_module(module), function)()
    from local.photos.rules import fault  # noqa: PLC0415 - imports Pillow too

    def read(data: bytes) -> None:
        """Whatever this raises is a finding."""
        try:
            photo = fuzzed.read(data, MAGIC.get(data[:2], "image/heic"))
        except Rejected:
            return
        if wrong := fault(photo):
            raise AssertionError(wrong)

    warnings.simplefilter("ignore")  # Pillow's, of what it reads past
    atheris.Setup([sys.argv[0], *arguments], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
