"""Undo and redo of one layer's style."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MOST = 100
Style = Sequence[dict[str, Any]]


class History:
    """Styles one after the other, and at which one we are."""

    def __init__(self, first: Style) -> None:
        self._styles: list[Style] = [first]
        self._at = 0

    @property
    def can_undo(self) -> bool:
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        return self._at + 1 < len(self._styles)

    def push(self, style: Style) -> None:
        """What was undone before cannot be redone any more."""
        if style != self._styles[self._at]:
            self._styles = [*self._styles[: self._at + 1], style][-MOST:]
            self._at = len(self._styles) - 1

    def step(self, by: int) -> Style:
        """The style before (-1) or after (1); the same at either end."""
        self._at = min(max(self._at + by, 0), len(self._styles) - 1)
        return self._styles[self._at]
