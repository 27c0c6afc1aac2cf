"""A line of text that keeps its room, so that nothing below it moves when it comes or goes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

_AIR = 4
"""Logical pixels above and below the words together."""


class Line(QLabel):
    """One line, cut where the panel ends; the tooltip has all of it."""

    def __init__(self, name: str = "") -> None:
        """*name*: of the style."""
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + _AIR)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def say(self, text: str) -> None:
        """Another text; empty leaves the room."""
        self.setText(text)
        self.setToolTip(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text():
            return
        painter, option = QPainter(self), QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        inside = self.rect().adjusted(4, 0, -4, 0) if self.objectName() == "banner" else self.rect()
        words = self.fontMetrics().elidedText(
            " · ".join(self.text().splitlines()), Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def keep_room(part: QWidget) -> QWidget:
    """*part* has its place while it is hidden, too."""
    policy = part.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    part.setSizePolicy(policy)
    return part
