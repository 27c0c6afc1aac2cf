"""Has QGIS draw the view once it rests, into one of two shared pictures; the other one is shown meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from console.map.engine.arena import SLOT_BYTES, Arena
from console.map.live.picture_layer import Picture, PictureLayer
from console.map.live.shape_geometry import covers
from console.map.qgis.client import QgisClient
from console.map.qgis.messages import Answer, Render, Rendered
from console.map.viewport import EARTH_CIRCUMFERENCE, Viewport
from console.sdk.errors import QgisError
from console.sdk.qgis import QgisState
from console.sdk.ui.words import word

if TYPE_CHECKING:
    from console.map.views.pane import Pane

REST = 150
"""Milliseconds without motion after which QGIS is asked."""
AROUND = 256
"""Logical pixels around the view that are drawn too."""
NEAR = 64
"""… of which so many must be left, or a new picture is made."""
DPI = 96.0
TOLD_ELSEWHERE = ("cancelled", "closed", "ended", "broken", "absent")
"""Failures that say nothing about the drawing."""


class _Wanted(NamedTuple):
    """What a picture is of."""

    viewport: Viewport
    layers: tuple[str, ...]
    version: int


class Drawing(QObject):
    """Keeps *layer* up to date with what *shown* names (ids, topmost first)."""

    def __init__(
        self, view: Pane, client: QgisClient, layer: PictureLayer, shown: Callable[[], Sequence[str]]
    ) -> None:
        super().__init__()
        self._view = view
        self._client = client
        self._layer = layer
        self._shown = shown
        self._version = 0
        self._made: _Wanted | None = None
        self._under_way: tuple[_Wanted, Future[Answer]] | None = None
        self._arenas: list[Arena | None] = [None, None]
        self._back = 0
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._look)
        self._undo = [view.changed.add(self._rest.start), view.tree.on_change(self.look)]

    def look(self) -> None:
        """What is to be shown may have changed."""
        self._rest.start(0)

    def renew(self) -> None:
        """The layers themselves have changed: no picture is good any more, though it stays till the next."""
        self._version += 1
        self.look()

    def close(self) -> None:
        for undo in self._undo:
            undo()
        self._rest.stop()
        self._break_off()
        for arena in self._arenas:
            if arena is not None:
                arena.close()

    def _look(self) -> None:
        view, layers = self._view, tuple(self._shown())
        if self._client.state is not QgisState.READY or not self._layer.visible:
            return
        if view.navigator.moving:
            self._rest.start(REST)
        elif not layers:
            self._break_off()
            self._made = None
            self._layer.show(None)
        else:
            self._want(_Wanted(view.viewport, layers, self._version))

    def _want(self, wanted: _Wanted) -> None:
        if self._under_way is not None and _serves(self._under_way[0], wanted):
            return
        self._break_off()
        if self._made is None or not _serves(self._made, wanted):
            self._ask(wanted._replace(viewport=_wide(wanted.viewport)))

    def _break_off(self) -> None:
        if self._under_way is not None:
            under_way, self._under_way = self._under_way, None
            under_way[1].cancel()

    def _ask(self, wanted: _Wanted) -> None:
        viewport = wanted.viewport
        width, height = round(viewport.width * viewport.dpr), round(viewport.height * viewport.dpr)
        arena = self._arena(width * height * 4)
        request = Render(
            memory=arena.path,
            bytes=width * height * 4,
            width=width,
            height=height,
            extent=_extent(viewport),
            dpi=DPI * viewport.dpr,
            layers=list(wanted.layers),
        )
        future = self._client.ask(request)
        self._under_way = (wanted, future)
        future.add_done_callback(lambda done: self._on_done(wanted, done))

    def _arena(self, size: int) -> Arena:
        """The picture that is not shown, large enough."""
        slots = -(-size // SLOT_BYTES)
        kept = self._arenas[self._back]
        if kept is None or kept.slots < slots:
            if kept is not None:
                kept.close()
            kept = self._arenas[self._back] = Arena(slots)
        return kept

    def _on_done(self, wanted: _Wanted, done: Future[Answer]) -> None:
        if self._under_way is None or self._under_way[1] is not done:
            return
        self._under_way = None
        error = None if done.cancelled() else done.exception()
        if isinstance(error, QgisError):
            if error.code not in TOLD_ELSEWHERE:
                self._tell(str(error))
            return
        answer, arena = done.result(), self._arenas[self._back]
        if isinstance(answer, Rendered) and arena is not None:
            self._show(wanted, arena)
            faults = "; ".join(answer.faults)
            self._tell(word("QGIS could not draw everything: {error}").format(error=faults) if faults else "")

    def _show(self, wanted: _Wanted, arena: Arena) -> None:
        viewport = wanted.viewport
        width, height = round(viewport.width * viewport.dpr), round(viewport.height * viewport.dpr)
        form = QImage.Format.Format_ARGB32_Premultiplied
        self._layer.show(Picture(QImage(arena.all_bytes, width, height, width * 4, form), viewport))
        self._made, self._back = wanted, 1 - self._back
        self.look()  # the view may have moved on meanwhile

    def _tell(self, fault: str) -> None:
        self._view.tree.set_state(self._layer.layer_id, fault)


def _wide(viewport: Viewport) -> Viewport:
    """With ground around it."""
    return replace(viewport, width=viewport.width + 2 * AROUND, height=viewport.height + 2 * AROUND)


def _serves(made: _Wanted, wanted: _Wanted) -> bool:
    """Whether a picture will do for a view a little longer."""
    there, here = made.viewport, wanted.viewport
    if (made.layers, made.version, there.zoom, there.dpr) != (
        wanted.layers,
        wanted.version,
        here.zoom,
        here.dpr,
    ):
        return False
    near = replace(here, width=here.width + 2 * NEAR, height=here.height + 2 * NEAR)
    return covers(there.world, near.world)


def _extent(viewport: Viewport) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in EPSG:3857, on the pixels that the window will show it at."""
    size = viewport.scale * viewport.dpr / EARTH_CIRCUMFERENCE
    left, top = -viewport.origin[0], -viewport.origin[1]
    right = left + round(viewport.width * viewport.dpr)
    bottom = top + round(viewport.height * viewport.dpr)
    half = EARTH_CIRCUMFERENCE / 2
    return left / size - half, half - bottom / size, right / size - half, half - top / size
