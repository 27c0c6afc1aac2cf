"""What holds the widget of a panel in its dock: nothing is cut, whatever its author took for granted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class PanelFrame(QScrollArea):
    """Gives its widget all the room there is, and scroll bars where that is less than it needs.

    Qt's own ``widgetResizable`` would scroll a page with wrapped text as soon as it has less than the height
    it would like best; this one waits until it has less than it needs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard goes to what it holds

    def put(self, widget: QWidget) -> None:
        """Hold *widget*."""
        self.setWidget(widget)
        widget.setAutoFillBackground(False)
        self._fit()
        widget.show()

    def sizeHint(self) -> QSize:
        widget = self.widget()
        return QSize() if widget is None else widget.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        widget = self.widget()
        if widget is None:
            return
        room, bar = self.maximumViewportSize(), self.verticalScrollBar().sizeHint().width()
        need = widget.minimumSizeHint().expandedTo(widget.minimumSize())
        short = need.height() > room.height() - bar * (need.width() > room.width())
        low = need.width() > room.width() - bar * short
        widget.resize(need.expandedTo(room - QSize(bar * short, bar * low)))
