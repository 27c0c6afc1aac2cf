"""Waiting for tiles of services that a sheet needs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer

from console.map.data_refs import SourceTile
from console.map.services import TileFetcher


class TileWait(QObject):
    """``future`` is done when all tiles have come or will not, or when the patience (ms) is over."""

    def __init__(
        self, parent: QObject, fetcher: TileFetcher, tiles: Sequence[SourceTile], patience: int
    ) -> None:
        super().__init__(parent)
        self.future: Future[None] = Future()
        self._left = set(tiles)
        self._fetcher = fetcher
        fetcher.came.connect(self._on_come)
        fetcher.forgotten.connect(self._on_come)
        QTimer.singleShot(max(patience, 0), self, self._end)
        fetcher.want(list(tiles))

    def _on_come(self, tiles: list[SourceTile]) -> None:
        self._left -= set(tiles)
        if not self._left:
            self._end()

    def _end(self) -> None:
        if not self.future.done() and self.future.set_running_or_notify_cancel():
            self.future.set_result(None)
        self._fetcher.came.disconnect(self._on_come)
        self._fetcher.forgotten.disconnect(self._on_come)
        self.deleteLater()
