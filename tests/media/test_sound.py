"""The sound of one camera at a time."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.media.engine import MediaEngine
from console.media.messages import RATE
from console.media.speaker import Speaker
from console.media.view.words import sound_words
from console.model.streams import Sound, Source
from tests.media.conftest import Serve, ShowTile, camera, live, until
from tests.support.clips import Clip
from tests.support.web_video import WebVideo, with_tone

LOW, HIGH = 440, 1200
"""Hertz."""


class Ear(Speaker):
    """A device that keeps what it plays."""

    def __init__(self, parent: MediaEngine, present: bool = True) -> None:
        super().__init__(parent)
        self._there, self.heard = present, b""

    @property
    def present(self) -> bool:
        return self._there

    def play(self, sound: bytes) -> None:
        self.heard += sound

    def hertz(self) -> float:
        """The loudest of the last quarter of a second."""
        samples = np.frombuffer(self.heard[-RATE // 2 :], np.int16)
        loud = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
        return float(np.argmax(loud) * RATE / len(samples))


def test_one_camera_is_heard_at_a_time(engine: MediaEngine, show: ShowTile, sub_clip: Clip, qtbot):
    ear = engine.speaker = Ear(engine)
    with (
        WebVideo(with_tone(sub_clip, LOW, 20)).running() as low,
        WebVideo(with_tone(sub_clip, HIGH, 20)).running() as high,
    ):
        low.seconds = high.seconds = 20
        one, other = (show(engine, Source(s.url(""), "有声", s.url(".flv"))) for s in (low, high))
        live(one)
        live(other)
        QTest.qWait(300)
        assert not ear.heard and not sound_words(one.status)  # nothing is heard unasked
        qtbot.keyClick(one, Qt.Key.Key_M)
        until(lambda: len(ear.heard) > RATE and abs(ear.hertz() - LOW) < 10, what="not heard")
        until(lambda: one.status.sound == Sound.ON and bool(sound_words(one.status)))
        qtbot.keyClick(other, Qt.Key.Key_M)
        until(lambda: abs(ear.hertz() - HIGH) < 10, what="the first is heard still")
        until(lambda: (one.status.sound, other.status.sound) == (Sound.OFF, Sound.ON))
        other.hide()
        QTest.qWait(300)
        ear.heard = b""
        QTest.qWait(300)
        assert not ear.heard, "a hidden tile is heard"


@pytest.mark.parametrize(("present", "said"), [(True, Sound.NONE), (False, Sound.NO_DEVICE)])
def test_why_nothing_is_heard_is_said(
    serve: Serve, engine: MediaEngine, show: ShowTile, qtbot, present: bool, said: Sound
):
    engine.speaker = Ear(engine, present)
    tile = show(engine, camera(serve()))
    live(tile)
    qtbot.keyClick(tile, Qt.Key.Key_M)
    until(lambda: tile.status.sound == said, about=tile)
    assert sound_words(tile.status)
    qtbot.keyClick(tile, Qt.Key.Key_M)
    until(lambda: tile.status.sound == Sound.OFF)


def test_this_machines_device_or_that_there_is_none(engine: MediaEngine):
    speaker = Speaker(engine)
    assert speaker.present in (True, False)
    speaker.play(bytes(960))  # harmless either way
