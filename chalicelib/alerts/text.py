"""Texts by language: Dutch always, English where somebody wrote it."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    NL = "nl"
    EN = "en"


@dataclass(frozen=True)
class Text:
    """What a person wrote. Readers of English get the Dutch where there is no English."""

    nl: str
    en: str | None = None

    def language(self, wanted: Language) -> Language:
        """The language in which a reader of ``wanted`` gets it."""
        return Language.EN if wanted is Language.EN and self.en else Language.NL

    def read_in(self, wanted: Language) -> str:
        return self.en if wanted is Language.EN and self.en else self.nl
