"""How reading a scene's files fails: ``SceneRefused`` with what the user is told, in both languages."""

from __future__ import annotations

from console.model.text import Text


class SceneRefused(Exception):
    """A tileset, tile or model cannot be read as it is. The one error of every reader in this package."""

    def __init__(self, message: Text, *, again: bool = False) -> None:
        super().__init__(message.en)
        self.message = message
        self.again = again
        """Whether it may be there later (a server is busy), not gone for ever."""


def refused(zh: str, en: str, *, again: bool = False) -> SceneRefused:
    """The refusal to raise."""
    return SceneRefused(Text(zh, en), again=again)


def broken(what_zh: str, what_en: str) -> SceneRefused:
    """The refusal of something that does not keep to its own format."""
    return refused(f"{what_zh}已损坏或不完整", f"{what_en} is broken or cut off")
