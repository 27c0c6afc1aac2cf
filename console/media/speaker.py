"""What is heard: one sound at a time, played as it comes. Light until something is to be heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from console.media.messages import RATE

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioSink

ROOM = 0.3
"""Seconds of sound that wait to be played; what comes on top is left out, so that no delay grows."""


class Speaker(QObject):
    """This machine's default device, looked for when it is first asked for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sink: QAudioSink | None = None
        self._looked = False

    @property
    def present(self) -> bool:
        """Whether there is a device."""
        if not self._looked:
            self._looked, self._sink = True, self._made()
        return self._sink is not None

    def _made(self) -> QAudioSink | None:
        try:
            from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices
        except ImportError:  # its libraries are not on this machine
            return None
        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            return None
        form = QAudioFormat()
        form.setSampleRate(RATE)
        form.setChannelCount(1)
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        sink = QAudioSink(device, form, self)
        sink.setBufferSize(round(RATE * 2 * ROOM))
        self._into = sink.start()
        return sink

    def play(self, sound: bytes) -> None:
        """Signed samples of two bytes."""
        if self.present and self._sink is not None and self._sink.bytesFree() >= len(sound):
            self._into.write(sound)
