"""The few words that the widgets themselves say; the shell keeps their table on the QApplication."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QCoreApplication

from console.model.text import Language, Text

WORDS_PROPERTY = "onemap.words"


def word(text: str) -> str:
    """*text* (English) in the language of the application."""
    return _table().get(text, text)


def said(text: Text) -> str:
    """*text* in the language of the application."""
    return text.get(Language.ZH if _table() else Language.EN)


def _table() -> dict[str, str]:
    """English to Chinese; empty in English."""
    app = QCoreApplication.instance()
    return cast("dict[str, str] | None", app.property(WORDS_PROPERTY) if app else None) or {}
