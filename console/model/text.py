"""Text in the languages of the user: Chinese first, English second."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """Languages of the user interface."""

    ZH = "zh_CN"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages, as manifests and layers carry it."""

    zh_CN: str
    en: str

    def get(self, language: str) -> str:
        """The text in *language*; an empty one falls back to the other."""
        return (self.en or self.zh_CN) if language == Language.EN else (self.zh_CN or self.en)
