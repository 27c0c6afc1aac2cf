"""The language: English source texts, Chinese from a flat TOML table, changed while running."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from console.model.text import Language
from console.plugin_host.listeners import Listeners
from console.sdk.map import Undo

TRANSLATIONS = Path(__file__).parents[2] / "resources" / "translations"


class _Words(QTranslator):
    """Lets ``QCoreApplication.translate("onemap", …)`` find our table (used by ``sdk.ui``)."""

    def __init__(self, table: dict[str, str]) -> None:
        super().__init__()
        self._table = table

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return self._table.get(text, "") if context == "onemap" else ""

    def isEmpty(self) -> bool:
        return False


class LanguageService:
    """The facet ``language``; ``tr`` is the shell's own."""

    def __init__(self, app: QCoreApplication, current: str = Language.ZH) -> None:
        self._app = app
        self._chinese = tomllib.loads((TRANSLATIONS / "zh_CN.toml").read_text("utf-8"))
        self._translators: list[QTranslator] = []
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
        for translator in self._translators:
            self._app.removeTranslator(translator)
        self._translators = []
        self.current = str(language)
        QLocale.setDefault(QLocale(self.current))
        if language is Language.ZH:
            qt = QTranslator()
            qt.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._translators = [qt, _Words(self._chinese)]
            for translator in self._translators:
                self._app.installTranslator(translator)
