"""The languages in which Veil speaks to people."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language's two-letter code, which is also its field's name in `Words`."""

    KO = "ko"
    EN = "en"


KO, EN = Language.KO, Language.EN
DEFAULT_LANGUAGE = KO


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text in every language: without one of them it cannot be made."""

    ko: str
    en: str

    def text(self, language: Language) -> str:
        return str(getattr(self, language))
