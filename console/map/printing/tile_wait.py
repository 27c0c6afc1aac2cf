"""Waiting for tiles of services that a sheet needs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer

from console.map.engine.data_refs import SourceTile
from console.map.engine.services import TileFetcher


class TileWait(QObject):
    """``future`` gives whether any came: when all have, when none comes for *quiet* ms, or when the
    *patience* (ms) is over."""

    def __init__(
        self, parent: QObject, fetcher: TileFetcher, tiles: Sequence[SourceTile], quiet: int, patience: int
    ) -> None:
        super().__init__(parent)
        self.future: Future[bool] = Future()
        self._left = set(tiles)
        self._any = self._ended = False
        self._fetcher = fetcher
        self._quiet = QTimer(self, singleShot=True, interval=quiet)
        self._quiet.timeout.connect(self._end)
        self._quiet.start()
        fetcher.came.connect(self._on_come)
        fetcher.forgotten.connect(self._on_lost)
        QTimer.singleShot(max(patience, 0), self, self._end)
        fetcher.want(list(tiles))

    def _on_come(self, tiles: list[SourceTile]) -> None:
        self._any = self._any or not self._left.isdisjoint(tiles)
        self._quiet.start()
        self._on_lost(tiles)

    def _on_lost(self, tiles: list[SourceTile]) -> None:
        self._left -= set(tiles)
        if not self._left:
            self._end()

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        if not self.future.done() and self.future.set_running_or_notify_cancel():
            self.future.set_result(self._any)
        self._fetcher.came.disconnect(self._on_come)
        self._fetcher.forgotten.disconnect(self._on_lost)
        self._quiet.stop()
        self.deleteLater()
