"""What may wait until the map stands: making panels, starting plugins."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

LONGEST = 1500
"""Milliseconds that the rest waits for a map that does not come, as at the very first start."""


class Afterwards(QObject):
    """Runs what it is given one turn of the event loop each, after ``begin``."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[Callable[[], object]] | None = []

    def begin(self) -> None:
        """The map stands: nothing waits any more."""
        waiting, self._waiting = self._waiting or [], None
        for handler in waiting:
            QTimer.singleShot(0, self, handler)

    def begin_late(self) -> None:
        """Begin in any case after LONGEST."""
        QTimer.singleShot(LONGEST, self, self.begin)

    def run(self, handler: Callable[[], object]) -> None:
        """Call *handler* in a turn of its own."""
        if self._waiting is None:
            QTimer.singleShot(0, self, handler)
        else:
            self._waiting.append(handler)
