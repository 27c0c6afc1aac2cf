"""The few words that the widgets themselves say; the shell keeps their table on the QApplication."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QCoreApplication

WORDS_PROPERTY = "onemap.words"


def word(text: str) -> str:
    """*text* (English) in the language of the application."""
    app = QCoreApplication.instance()
    table = cast("dict[str, str] | None", app.property(WORDS_PROPERTY)) if app else None
    return (table or {}).get(text, text)
