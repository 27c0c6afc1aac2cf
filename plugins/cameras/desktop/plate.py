"""What lies over a picture with buttons on it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from console.sdk.ui.theming import color, icon


class Plate(QWidget):
    """A ground on which words and icons can be seen over any picture."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor(color("surface.overlay"))
        ground.setAlpha(225)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect(), 6, 6)
        painter.end()


def tool(name: str, title: str) -> QToolButton:
    """A button with an icon; the keys stay with the picture."""
    made = QToolButton()
    made.setIcon(icon(name))
    made.setIconSize(QSize(16, 16))
    made.setToolTip(title)
    made.setAccessibleName(title)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made
