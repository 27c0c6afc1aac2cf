"""Large pictures of the view, with all that is painted over it: ``ctx.scene.pictures``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from console.scene.trips import told
from console.sdk.scene_picture import LEAST, MOST, NoPicture, ScenePicture
from console.sdk.ui.words import word
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from console.scene.lens import Lens
    from console.scene.view.large import Shot
    from console.scene.view.view import Over, SceneView

FRAMES = 200
"""In which the names of a picture are made, at most."""


class Pictures:
    """Implements ``console.sdk.scene_picture.ScenePictures``."""

    def __init__(self, view: Callable[[], SceneView | None]) -> None:
        self._view = view

    @property
    def size(self) -> tuple[int, int]:
        """See ``ScenePictures``."""
        view = self._view()
        ratio = 0.0 if view is None else view.devicePixelRatioF()
        return (0, 0) if view is None else (round(view.width() * ratio), round(view.height() * ratio))

    async def take(
        self, width: int, height: int, on_progress: Callable[[float], None] | None = None
    ) -> ScenePicture:
        """See ``ScenePictures``."""
        from console.scene.view.large import LargeShot

        view = self._view()
        if view is None or view.process.ready is None:
            raise NoPicture(word("No 3D view is open"))
        if not (min(width, height) >= LEAST and max(width, height) <= MOST):
            raise NoPicture(word("A picture has 160 to 8192 pixels a side"))
        pose = view.pose
        logical = replace(view.lens, width=max(round(view.height() * width / height), 1))
        shot = LargeShot(view.process, logical.sized(width, height), view.clearance, on_progress)
        try:
            done = await Pending(shot.future)
            await self._names_ready(view, done, logical)
            image = _painted(view, done, logical)
        finally:
            shot.close()
            if self._view() is view:
                view.feed.want()  # which chooses for the window again
        return ScenePicture(image=image, pose=told(pose), lacking=shot.future.result().lacking)

    async def _names_ready(self, view: SceneView, shot: Shot, lens: Lens) -> None:
        """Names are painted a few a frame; a picture that stays needs all of them."""
        from PySide6.QtGui import QImage

        from console.scene.overlay.live import LiveOver

        scratch = QImage(1, 1, QImage.Format.Format_RGBX8888)
        for live in [over for over in view.over if isinstance(over, LiveOver)]:
            while live.prepare(shot.depths.shape[0] / lens.height):
                await self._next_frame(view)
            for _ in range(FRAMES):
                _paint(live, scratch, shot, lens)
                if not live.unrest:
                    break
                await self._next_frame(view)

    async def _next_frame(self, view: SceneView) -> None:
        await _soon()
        if self._view() is not view:
            raise NoPicture(word("The 3D view was closed"))


def _painted(view: SceneView, shot: Shot, lens: Lens) -> QImage:
    for over in view.over:
        _paint(over, shot.image, shot, lens)
    shot.image.setDevicePixelRatio(1.0)
    return shot.image


def _paint(over: Over, onto: QImage, shot: Shot, lens: Lens) -> None:
    """*lens*: of the whole, in logical pixels of the window, so that symbols are as large as there."""
    from PySide6.QtGui import QPainter

    from console.scene.process.messages import Drawn
    from console.scene.view.screen import Picture

    height, width = shot.depths.shape
    onto.setDevicePixelRatio(height / lens.height)
    about = Drawn(0, 0, width, height, shot.near, shot.far, 0.0, 0, 0, 0, False, True)
    painter = QPainter(onto)
    over.paint(painter, Picture(shot.image, lens, shot.depths, about))
    painter.end()


def _soon() -> Pending[None]:
    """After all that waits for the window."""
    future: Future[None] = Future()
    QTimer.singleShot(0, lambda: future.cancelled() or future.set_result(None))
    return Pending(future)
