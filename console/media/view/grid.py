"""Streams beside one another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from console.media.engine import MediaEngine
from console.media.view.tile import CameraTile
from console.model.streams import Source
from console.sdk.ui.picture_grid import PictureGrid


class CameraGrid(PictureGrid):
    """Enter enlarges a tile, Enter or Esc brings the others back."""

    def __init__(self, engine: MediaEngine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.tiles: list[CameraTile] = []

    def show_sources(self, sources: Sequence[Source]) -> None:
        """These cameras; tiles that show one of them already go on with it."""
        while len(self.tiles) > len(sources):
            tile = self.tiles.pop()
            tile.let_go()
            tile.hide()
            tile.deleteLater()
        while len(self.tiles) < len(sources):
            self.tiles.append(self._new_tile())
        for tile, source in zip(self.tiles, sources, strict=True):
            tile.show_source(source)
        self.enlarge(None)
        self.set_widgets(self.tiles)

    def let_go(self) -> None:
        """Look at nothing any more."""
        self.show_sources([])

    def _new_tile(self) -> CameraTile:
        tile = CameraTile(self._engine, self)
        tile.enlarged.connect(lambda: self.toggle(tile))
        return tile
