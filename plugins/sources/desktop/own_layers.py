"""The service ``own_layers``: what the datum ledger is told of the layers of these sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.sdk import Undo
from console.sdk.datums import OwnLayer
from plugins.sources.desktop.source import State
from plugins.sources.desktop.sources import Sources


class LedgerLines:
    """Implements ``OwnLayers``."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._told: Sequence[OwnLayer] = ()
        self._handlers: list[Callable[[], None]] = []
        sources.changed.connect(self._tell)

    def all(self) -> Sequence[OwnLayer]:
        """Of what is on the map, in the order of the list."""
        shown = [source for source in self._sources.all if source.layers and source.state is State.SHOWN]
        return tuple(line for source in shown if source.opened is not None for line in source.opened.ledger)

    def read_as(self, layer_id: str, datum: str) -> None:
        """Read the source of a layer anew; one that has gone meanwhile is passed over."""
        for source in self._sources.all:
            if source.opened is not None and any(line.id == layer_id for line in source.opened.ledger):
                self._sources.set_options(source, source.options | {"datum": datum})

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """Called when a line is another, comes or goes; not while something is being read."""
        self._handlers.append(handler)

        def undo() -> None:
            if handler in self._handlers:
                self._handlers.remove(handler)

        return undo

    def _tell(self) -> None:
        lines = self.all()
        if lines != self._told:
            self._told = lines
            for handler in tuple(self._handlers):
                handler()
