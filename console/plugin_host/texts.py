"""A plugin's texts: English in the code, Chinese from ``texts/zh_CN.toml``."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from console.model.text import Language


class Texts:
    """Translates; a text without translation stays English and is logged once."""

    def __init__(self, folder: Path, language: Callable[[], str], log: logging.Logger) -> None:
        self._file = folder / "texts" / f"{Language.ZH}.toml"
        self._language = language
        self._log = log
        self._chinese: dict[str, str] | None = None
        self._missed: set[str] = set()

    def tr(self, text: str, /, **values: Any) -> str:
        """*text* in the user's language, with ``{name}`` filled from *values*."""
        words = self._translated(text) if self._language() == Language.ZH else text
        if not values:
            return words
        try:
            return words.format(**values)
        except (KeyError, IndexError, ValueError):
            self._log.warning("the translation of %r does not take %s", text, ", ".join(values))
            return text.format(**values)

    def _translated(self, text: str) -> str:
        if self._chinese is None:
            self._chinese = read_texts(self._file, self._log)
        words = self._chinese.get(text)
        if words is None and text not in self._missed:
            self._missed.add(text)
            self._log.warning("no Chinese for %r in %s", text, self._file)
        return words or text


def read_texts(file: Path, log: logging.Logger) -> dict[str, str]:
    """The flat table ``"English" = "中文"``; an unreadable file is logged and empty."""
    if not file.exists():
        return {}
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        log.error("%s cannot be read: %s", file, error)
        return {}
    return {english: words for english, words in table.items() if isinstance(words, str)}
