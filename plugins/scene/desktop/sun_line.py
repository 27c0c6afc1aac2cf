"""The line in which the time is chosen at which the sun stands: how light falls on a day, at an hour."""

from __future__ import annotations

from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from console.sdk import Context

DAY = 24 * 60
STEP = 10
"""Minutes: the sun goes two and a half degrees."""


class SunLine(QWidget):
    """Escape or the button hides it; the chosen time stays until one goes back to now."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName(ctx.tr("Day of the sun"))
        self.hour = QSlider(Qt.Orientation.Horizontal)
        self.hour.setRange(0, DAY // STEP - 1)
        self.hour.setPageStep(60 // STEP)
        self.hour.setAccessibleName(ctx.tr("Time of the sun"))
        self.hour.setToolTip(ctx.tr("Time of the sun"))
        self._time = QLabel()
        self._time.setMinimumWidth(self._time.fontMetrics().horizontalAdvance("00:00") + 8)
        self.now = QPushButton(ctx.tr("Now"))
        self.now.setToolTip(ctx.tr("The sun goes with the clock"))
        self.now.clicked.connect(self._on_now)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        for widget in (QLabel(ctx.tr("Sun")), self.day, self.hour, self._time, self.now):
            layout.addWidget(widget, 1 if widget is self.hour else 0)
        self._show()
        self.day.dateChanged.connect(self._on_chosen)
        self.hour.valueChanged.connect(self._on_chosen)
        self.hide()

    def toggle(self) -> None:
        """Show it, or not."""
        self.setVisible(self.isHidden())
        if not self.isHidden():
            if self._ctx.scene.sun is None:
                self._show()
            self.hour.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _on_now(self) -> None:
        self._ctx.scene.set_sun(None)
        self._show()

    def _on_chosen(self) -> None:
        when = QDateTime(self.day.date(), QTime(0, 0).addSecs(self.hour.value() * STEP * 60))
        self._ctx.scene.set_sun(float(when.toSecsSinceEpoch()))
        self._tell()

    def _show(self) -> None:
        """The time of the sun, without choosing it."""
        seconds = self._ctx.scene.sun
        when = QDateTime.currentDateTime() if seconds is None else QDateTime.fromSecsSinceEpoch(int(seconds))
        for widget in (self.day, self.hour):
            widget.blockSignals(True)
        self.day.setDate(when.date() if when.isValid() else QDate.currentDate())
        self.hour.setValue(when.time().msecsSinceStartOfDay() // (STEP * 60_000))
        for widget in (self.day, self.hour):
            widget.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        self._time.setText(QTime(0, 0).addSecs(self.hour.value() * STEP * 60).toString("HH:mm"))
        self.now.setEnabled(self._ctx.scene.sun is not None)
