"""The language: English source texts, Chinese from a flat TOML table, changed while running."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from console.model.text import Language
from console.plugin_host.listeners import Listeners
from console.sdk.map import Undo
from console.sdk.ui.words import WORDS_PROPERTY

TRANSLATIONS = Path(__file__).parents[2] / "resources" / "translations"


class LanguageService:
    """The facet ``language``; ``tr`` is the shell's own."""

    def __init__(self, app: QCoreApplication, current: str = Language.ZH) -> None:
        self._app = app
        self._chinese = tomllib.loads((TRANSLATIONS / "zh_CN.toml").read_text("utf-8"))
        self._qt: QTranslator | None = None
        self._changed: Listeners[[]] = Listeners()
        self.current = ""
        self._use(Language(current))

    def tr(self, text: str, /, **values: object) -> str:
        """*text* (English) in the user's language with ``{name}`` filled from *values*."""
        found = self._chinese.get(text, text) if self.current == Language.ZH else text
        return found.format(**values) if values else found

    def set(self, language: str) -> None:
        """Change to ``zh_CN`` or ``en``; raises ValueError for another."""
        if Language(language) != self.current:
            self._use(Language(language))
            self._changed.fire()

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called after each change."""
        return self._changed.add(handler)

    def _use(self, language: Language) -> None:
        if self._qt is not None:
            self._app.removeTranslator(self._qt)
            self._qt = None
        self.current = str(language)
        QLocale.setDefault(QLocale(self.current))
        chinese = language is Language.ZH
        self._app.setProperty(WORDS_PROPERTY, self._chinese if chinese else {})
        if chinese:
            self._qt = QTranslator()
            self._qt.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._app.installTranslator(self._qt)
