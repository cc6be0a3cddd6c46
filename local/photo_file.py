"""A photo from this machine's disk: refused here, in the terminal's language, where Veil would refuse the file."""

import os
from collections.abc import Mapping
from pathlib import Path

from local.processes import LocalError
from veil.adapters.photos.pillow import PillowReader
from veil.api.problems import PROBLEMS
from veil.api.words import REASONS
from veil.domain.errors import FileTooLarge
from veil.domain.language import EN, KO, Language
from veil.domain.photos import Rejected
from veil.domain.uploads import CONTENT_TYPES, MAX_PIXELS, MAX_UPLOAD_BYTES, MIN_SIDE_PIXELS, Reason


def terminal_language(environ: Mapping[str, str] = os.environ) -> Language:
    """Korean where the locale is (POSIX: the first of three variables that is set), else English."""
    locale = next(filter(None, map(environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return KO if locale.startswith("ko") else EN


def read_photo(file: Path, language: Language) -> tuple[str, bytes]:
    """Its type, by its content, and its bytes; ``~`` is the home folder. Raises `LocalError` in ``language``."""
    try:
        data = file.expanduser().read_bytes()
    except (OSError, RuntimeError) as error:  # there may be no such home
        raise LocalError(f"can't read the photo {file}: {getattr(error, 'strerror', error)}") from None
    if len(data) > MAX_UPLOAD_BYTES:
        raise LocalError(f"{file}: {PROBLEMS[FileTooLarge.code].detail.text(language)}")
    try:
        return _content_type(data), data
    except Rejected as refused:
        raise LocalError(f"{file}: {REASONS[refused.reason].text(language)}") from None


def _content_type(data: bytes) -> str:
    """The one of the types of photos that ``data`` is; raises `Rejected` as the check would."""
    reader = PillowReader(MAX_PIXELS, MIN_SIDE_PIXELS)
    for content_type in CONTENT_TYPES:
        try:
            reader.read(data, content_type)
        except Rejected as refused:
            if refused.reason is not Reason.TYPE_MISMATCH:
                raise
        else:
            return content_type
    raise Rejected(Reason.NOT_AN_IMAGE)
