"""How reading fails: ``FileRefused`` with what the user is told, in both languages."""

from __future__ import annotations

from console.model.sources import FileTrouble, Sublayer, Wanted
from console.model.text import Text


class FileRefused(Exception):
    """The file cannot be read as it is."""

    def __init__(self, trouble: FileTrouble) -> None:
        super().__init__(trouble.message.en)
        self.trouble = trouble


def refused(zh: str, en: str, *wants: Wanted, sublayers: tuple[Sublayer, ...] = ()) -> FileRefused:
    """The refusal to raise; *wants*: what the user could say to help."""
    return FileRefused(FileTrouble(message=Text(zh, en), wants=wants, sublayers=sublayers))
