"""The service ``local_datums``: what other plugins offer when a file is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from console.sdk import Undo
from console.sdk.records import LocalDatum
from plugins.datums.desktop.desk import LedgerDesk


class EnteredDatums:
    """Implements ``LocalDatums``; the backend is asked at the first question."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk

    def all(self) -> Sequence[LocalDatum]:
        """Those that are known by now."""
        if not self._desk.loaded:
            self._desk.load()
        return self._desk.locals

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """Called when the ledger has come anew."""
        told = self._desk.changed.connect(handler)

        def undo() -> None:
            QObject.disconnect(told)

        return undo
