"""Collects cyclic garbage on the GUI thread, between events.

Python may collect whenever any thread allocates: in the midst of a paint event,
or on a worker thread. Widgets in cycles are then deleted there, which crashes
Qt. So automatic collection is off, and a timer collects what it would have.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500


class GarbageKeeper(QObject):
    """From its start to ``close`` nothing but its timer collects. For the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._thresholds = gc.get_threshold()
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.freeze()  # what the start has made stays: looking through it again takes 100 ms and more
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()

    def check(self) -> None:
        """Collect the oldest generation that is due."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    def close(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
