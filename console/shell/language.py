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


class _QtWords(QTranslator):
    """What Qt's own Chinese lacks, or says in words that our users would not: by context and source text."""

    def __init__(self) -> None:
        super().__init__()
        self._words = tomllib.loads((TRANSLATIONS / "qt_zh_CN.toml").read_text("utf-8"))

    def isEmpty(self) -> bool:
        return False

    def translate(  # type: ignore[override]  # None: the next translator is asked
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        return self._words.get(context, {}).get(text)


class LanguageService:
    """The facet ``language``; ``tr`` is the shell's own."""

    def __init__(self, app: QCoreApplication, current: str = Language.ZH) -> None:
        self._app = app
        self._chinese = tomllib.loads((TRANSLATIONS / "zh_CN.toml").read_text("utf-8"))
        self._qt: list[QTranslator] = []
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

    def close(self) -> None:
        """Give Qt its own words back."""
        while self._qt:
            self._app.removeTranslator(self._qt.pop())

    def _use(self, language: Language) -> None:
        self.close()
        self.current = str(language)
        QLocale.setDefault(QLocale(self.current))
        chinese = language is Language.ZH
        self._app.setProperty(WORDS_PROPERTY, self._chinese if chinese else {})
        if chinese:
            base = QTranslator()
            base.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._qt = [base, _QtWords()]
        for each in self._qt:  # the last one is asked first
            self._app.installTranslator(each)
