"""An icon as a picture, in the colour of the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.sdk.ui.theming import icon


class IconLabel(QWidget):
    """Shows one icon, *size* logical pixels square; follows a change of theme."""

    def __init__(self, name: str, size: int = 18, token: str = "icon") -> None:  # noqa: S107
        super().__init__()
        self._size = size
        self.setFixedSize(size, size)
        self.set_icon(name, token)

    def set_icon(self, name: str, token: str = "icon") -> None:  # noqa: S107
        """Show another icon."""
        self._icon = icon(name, token)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()
