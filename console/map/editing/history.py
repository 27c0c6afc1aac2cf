"""The states of what is being edited, so that a hand's strokes can be taken back and done again."""

from __future__ import annotations

from console.map.editing.strokes import Sketches

DEEPEST = 500
"""Strokes that can be taken back."""


class History:
    """Begins with *start*; a stroke after some were taken back forgets those."""

    def __init__(self, start: Sketches) -> None:
        self._states = [start]
        self._at = 0

    @property
    def now(self) -> Sketches:
        return self._states[self._at]

    @property
    def changed(self) -> bool:
        """Whether it differs from the start."""
        return self._at > 0

    def put(self, state: Sketches) -> None:
        """A stroke was done; what changes nothing is none."""
        if state != self.now:
            self._states[self._at + 1 :] = [state]
            # The oldest go, but for the start.
            del self._states[1 : max(len(self._states) - DEEPEST, 1)]
            self._at = len(self._states) - 1

    def undo(self) -> bool:
        """False when there is nothing to take back."""
        self._at -= self._at > 0
        return self._at > 0

    def redo(self) -> bool:
        """False when nothing was taken back."""
        self._at += self._at + 1 < len(self._states)
        return self._at + 1 < len(self._states)
