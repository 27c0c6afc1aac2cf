"""The time slider: any moment of the tracks, or all of them played."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from console.sdk.ui import Chips, button
from plugins.staff.desktop.tracks.desk import TracksDesk

FRAME_MS = 100
SPEEDS = ("30", "120", "600")
"""Seconds of the tracks that pass in one of the user's."""


class Player(QWidget):
    """Arrow keys step by half a minute, Page keys by ten minutes, Home and End go to the ends."""

    def __init__(self, tracks: TracksDesk) -> None:
        super().__init__()
        self._tracks = tracks
        tr = tracks.ctx.tr
        self._play = button("", self.toggle, "play", tooltip=tr("Play or pause"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Moment of the tracks"))
        self.slider.setSingleStep(30)
        self.slider.setPageStep(600)
        self.slider.valueChanged.connect(self._moved)
        self._time = QLabel()
        self._speed = Chips([(key, f"×{key}") for key in SPEEDS], lambda _key: None, selected="120")
        self._frame = QTimer(self, interval=FRAME_MS)
        self._frame.timeout.connect(self._advance)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._play, self.slider, self._time, self._speed):
            layout.addWidget(part, int(part is self.slider))
        tracks.loaded.connect(self._reset)
        self._reset()

    def toggle(self) -> None:
        """Play from here (at the end: from the beginning), or pause."""
        if self._frame.isActive():
            self._frame.stop()
        else:
            if self.slider.value() == self.slider.maximum():
                self.slider.setValue(0)
            self._frame.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._frame.stop()

    def _reset(self) -> None:
        since, until = self._tracks.span
        self._frame.stop()
        self.slider.setRange(0, max(round(until - since), 0))
        self.slider.setValue(0)
        self.setEnabled(until > since)
        self._moved(0)

    def _advance(self) -> None:
        at = self.slider.value() + int(self._speed.value) * FRAME_MS // 1000
        self.slider.setValue(min(at, self.slider.maximum()))
        if self.slider.value() == self.slider.maximum():
            self._frame.stop()

    def _moved(self, seconds: int) -> None:
        since, until = self._tracks.span
        self._time.setText(f"{datetime.fromtimestamp(since + seconds):%m-%d %H:%M:%S}" if until else "")
        self._tracks.set_moment(since + seconds)
