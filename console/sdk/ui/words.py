"""The few words that the widgets themselves say, translated by the shell's QTranslator."""

from PySide6.QtCore import QCoreApplication


def word(text: str) -> str:
    """*text* (English) in the language of the application."""
    return QCoreApplication.translate("onemap", text)
