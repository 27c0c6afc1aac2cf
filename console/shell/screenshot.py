"""A picture of the window, for kiosks' self-check and the manual."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

log = logging.getLogger(__name__)


def shoot_later(window: QWidget, file: Path, after: float, *, exit_after: bool) -> None:
    """Save *window* as PNG after so many seconds; *exit_after* ends with code 0, or 1 if it failed."""

    def shoot() -> None:
        saved = window.grab().save(str(file))
        if not saved:
            log.error("the picture %s could not be written", file)
        if exit_after:
            window.close()
            QApplication.exit(0 if saved else 1)

    QTimer.singleShot(round(after * 1000), window, shoot)
