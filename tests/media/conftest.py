"""Real streams on loopback, real decoding processes, a real window."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.media.engine import MediaEngine
from console.media.messages import Patience
from console.media.view.tile import CameraTile
from console.model.streams import Source
from tests.support.clips import Clip, Picture, encode, read_number
from tests.support.rtsp import RtspServer

MAIN_FROM = 2000
"""Numbers of frames of the full picture begin here."""
Serve = Callable[..., RtspServer]
MakeEngine = Callable[..., MediaEngine]
ShowTile = Callable[..., CameraTile]


@pytest.fixture(scope="session")
def sub_clip() -> Clip:
    return encode(352, 288, 15, seconds=4)


@pytest.fixture(scope="session")
def main_clip() -> Clip:
    return encode(704, 576, 25, seconds=2, first=MAIN_FROM)


@pytest.fixture
def serve(sub_clip: Clip, main_clip: Clip) -> Iterator[Serve]:
    """Servers of ``sub`` and ``main``, or of other clips by path."""
    with ExitStack() as stack:

        def serve(sign_in: tuple[str, str] | None = None, **clips: Clip) -> RtspServer:
            server = RtspServer(clips or {"sub": sub_clip, "main": main_clip}, sign_in)
            return stack.enter_context(server.running())

        yield serve


@pytest.fixture
def make_engine(qapp: Any) -> Iterator[MakeEngine]:
    """Engines, closed at the end."""
    made: list[MediaEngine] = []

    def make(workers: int = 1, **patience: float) -> MediaEngine:
        made.append(MediaEngine(workers=workers, patience=Patience(**patience)))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def engine(make_engine: MakeEngine) -> MediaEngine:
    return make_engine()


@pytest.fixture
def show(qtbot: Any) -> Iterator[ShowTile]:
    """Tiles on the screen, in the shape of the clips: the picture fills them."""
    made: list[CameraTile] = []

    def show(engine: MediaEngine, source: Source, height: int = 288) -> CameraTile:
        tile = CameraTile(engine)
        qtbot.addWidget(tile)
        tile.resize(round(height * 352 / 288), height)
        tile.show_source(source)
        tile.show()
        made.append(tile)
        return tile

    yield show
    for tile in made:
        tile.let_go()


def camera(server: RtspServer, sign_in: str = "", name: str = "1") -> Source:
    return Source(name, f"中山路 {name}", server.url("main", sign_in), server.url("sub", sign_in))


def pixels(widget: QWidget) -> Picture:
    """As it is painted now."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def number_on(tile: CameraTile) -> int | None:
    """The number of the frame that is painted; None: no picture is, or it is veiled."""
    return read_number(pixels(tile))


def until(
    condition: Callable[[], Any], seconds: float = 20.0, what: str = "it did not happen", about: Any = ""
) -> Any:
    """What *condition* gives once that is something; fails after *seconds*, with the status of a tile."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"{what} {getattr(about, 'status', about)}"
        QTest.qWait(20)
    return found


def live(tile: CameraTile, seconds: float = 20.0) -> int:
    """Wait for a picture that can be read and is newer than any before; its number."""
    before = number_on(tile)

    def newer() -> list[int]:
        number = number_on(tile)
        return [number] if number is not None and number != before else []

    return until(newer, seconds, "no picture", tile)[0]
