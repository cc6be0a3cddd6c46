"""The languages in which Veil speaks to people."""

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """A language's two-letter code. Every text for people has all of them: a test names a text that lacks one."""

    KO = "ko"
    EN = "en"


Words = Mapping[Language, str]  # one text in every language
KO, EN = Language.KO, Language.EN
DEFAULT_LANGUAGE = KO
